package mail

// nepali are the texts of mails in Nepali. Words in braces are replaced by values.
var nepali = map[string]string{ //nolint:gosec // texts about passwords, no credentials
	// The notification of a ticket.
	"Ticket":          "टिकट",
	"Title":           "शीर्षक",
	"Status":          "स्थिति",
	"Priority":        "प्राथमिकता",
	"Requester":       "अनुरोधकर्ता",
	"Assignee":        "जिम्मेवार व्यक्ति",
	"Due":             "अन्तिम मिति",
	"SLA due":         "SLA को समय",
	"none":            "छैन",
	"Open the ticket": "टिकट खोल्नुहोस्",
	"The comment is longer than this mail shows.": "टिप्पणी यस इमेलमा देखाइएकोभन्दा लामो छ।",
	"{company} sent this mail to {recipient} automatically. Replies are not read.": "" +
		"{company} ले यो इमेल {recipient} लाई स्वचालित रूपमा पठाएको हो। यसको जवाफ पढिँदैन।",

	// A forgotten password.
	"Set a new password": "नयाँ पासवर्ड राख्नुहोस्",
	"Somebody asked to set a new password for the account {username}. Open the link to do so.": "" +
		"खाता {username} का लागि नयाँ पासवर्ड राख्ने अनुरोध आएको छ। नयाँ पासवर्ड राख्न लिङ्क खोल्नुहोस्।",
	"The link works once, until {time}.": "यो लिङ्क {time} सम्म एक पटक मात्र काम गर्छ।",
	"Somebody asked to set a new password for the account {username}. To do so, use this token: {token}": "" +
		"खाता {username} का लागि नयाँ पासवर्ड राख्ने अनुरोध आएको छ। नयाँ पासवर्ड राख्न यो टोकन प्रयोग गर्नुहोस्: {token}",
	"The token works once, until {time}.": "यो टोकन {time} सम्म एक पटक मात्र काम गर्छ।",
	"If it was not you, ignore this mail. The password stays as it is.": "" +
		"यो अनुरोध तपाईंले गर्नुभएको होइन भने यस इमेलमा केही गर्नु पर्दैन। पासवर्ड उस्तै रहन्छ।",

	// A new e-mail address.
	"Confirm your e-mail address": "आफ्नो इमेल ठेगाना पुष्टि गर्नुहोस्",
	"This address was entered as the new e-mail address of the account {username}. Open the link to confirm it.": "" +
		"खाता {username} को नयाँ इमेल ठेगानाका रूपमा यो ठेगाना दिइएको छ। पुष्टि गर्न लिङ्क खोल्नुहोस्।",
	"This address was entered as the new e-mail address of the account {username}. To confirm it, use this token: {token}": "" +
		"खाता {username} को नयाँ इमेल ठेगानाका रूपमा यो ठेगाना दिइएको छ। पुष्टि गर्न यो टोकन प्रयोग गर्नुहोस्: {token}",
	"If it was not you, ignore this mail. The address of the account stays as it is.": "" +
		"यो अनुरोध तपाईंले गर्नुभएको होइन भने यस इमेलमा केही गर्नु पर्दैन। खाताको ठेगाना उस्तै रहन्छ।",

	// A new e-mail address that another account has.
	"This e-mail address is in use already": "यो इमेल ठेगाना पहिले नै प्रयोगमा छ",
	"Somebody entered this e-mail address as the new address of another account. An account has it already, so nothing was changed.": "" +
		"कसैले अर्को खाताको नयाँ ठेगानाका रूपमा यो इमेल ठेगाना दिएको छ। यो ठेगाना पहिले नै एउटा खाताको भएकाले केही पनि बदलिएको छैन।",
	"If it was you, choose another address, or ask an administrator.": "" +
		"यो तपाईंले गर्नुभएको हो भने अर्को ठेगाना छान्नुहोस् वा प्रशासकलाई सोध्नुहोस्।",

	// Notices.
	"Your e-mail address was changed": "तपाईंको इमेल ठेगाना बदलियो",
	"The e-mail address of the account {username} was changed on {time}. This address gets no more mails about it.": "" +
		"खाता {username} को इमेल ठेगाना {time} मा बदलियो। अब यो ठेगानामा त्यस खाताका इमेल आउने छैनन्।",
	"Your password was changed": "तपाईंको पासवर्ड बदलियो",
	"The password of the account {username} was changed on {time}.": "" +
		"खाता {username} को पासवर्ड {time} मा बदलियो।",
	"If it was not you, tell an administrator at once.": "यो तपाईंले गर्नुभएको होइन भने तुरुन्त प्रशासकलाई खबर गर्नुहोस्।",
}
