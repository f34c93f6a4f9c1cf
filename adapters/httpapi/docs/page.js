// Shows the document of the service that this page came from; requests are tried out on that service too.

// withoutExamples leaves the fields of optional parameters empty: Swagger UI would fill in every example, and send them all.
function withoutExamples(x) {
  if (x === null || typeof x !== "object") return x;
  if (typeof x.in === "string" && !x.required) delete x.example;
  Object.values(x).forEach(withoutExamples);
  return x;
}

fetch("/api/openapi.json").then((answer) => answer.json()).then((document) => {
  window.ui = SwaggerUIBundle({
    spec: withoutExamples(document),
    dom_id: "#reference",
    deepLinking: true,
    displayRequestDuration: true,
    filter: true,
    tryItOutEnabled: true,
    validatorUrl: null, // it would send the document to somebody else
  });
});
