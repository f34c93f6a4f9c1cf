// Package lookalike compares names by how they look.
package lookalike

import (
	"strings"

	"go.mau.fi/util/confusable"

	"tickt/domain/text"
)

// Names implements ports.LookAlikes.
type Names struct{}

// maxSkeleton is the length of a skeleton in bytes, so that every index can hold it. Only names of characters that stand for whole
// phrases have longer ones.
const maxSkeleton = 1000

// Skeletons implements ports.LookAlikes.
func (Names) Skeletons(name string) []string {
	skeletons := []string{stable(confusable.Skeleton(strings.ToLower(name)))}
	if written := stable(confusable.Skeleton(name)); written != skeletons[0] {
		skeletons = append(skeletons, written)
	}
	return skeletons
}

// stable folds a skeleton and takes the skeleton again until nothing changes: the prototype of 0 is O, which is not o. The key of
// a name would be the wrong beginning: the Greek ϲ looks like c, but its key is σ.
func stable(skeleton string) string {
	const enough = 8 // no character needs more
	for range enough {
		next := confusable.Skeleton(text.Key(skeleton))
		if next == skeleton {
			break
		}
		skeleton = next
	}
	if len(skeleton) > maxSkeleton {
		skeleton = strings.ToValidUTF8(skeleton[:maxSkeleton], "")
	}
	return skeleton
}
