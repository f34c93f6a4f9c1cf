// Shows the OpenAPI document of the service that serves this page, and sends requests to the same service.

// withoutExamples removes the examples of optional parameters. Otherwise Swagger UI would fill them in and send them all.
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
    validatorUrl: null, // a validator would send the document to another service
  });
});
