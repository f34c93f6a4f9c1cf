
(() => {
  "use strict";
  const byID = (id) => document.getElementById(id);
  const form = byID("form"), send = byID("send"), message = byID("message");
  const password = byID("password"), again = byID("again"), show = byID("show");
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  const api = location.pathname.slice(0, location.pathname.lastIndexOf("/pages/")) + form.dataset.endpoint;
  let sending = false;

  // tell shows texts, which a screen reader reads out.
  const tell = (...texts) => {
    message.replaceChildren(...texts.map((text) => {
      const line = document.createElement("p");
      line.textContent = text;
      return line;
    }));
  };
  const say = (name) => byID("say-" + name).textContent;
  // end tells the outcome and removes the form, and the token from the address.
  const end = (name) => {
    form.hidden = true;
    history.replaceState(null, "", location.pathname);
    tell(say(name));
    message.focus();
  };
  // problem returns the sentence for a problem in the language of the page, or else that of the service.
  const problem = (p) => {
    const own = byID("say-" + p.field + "-" + p.code);
    return own ? own.textContent : p.message;
  };
  const refused = (details) => {
    tell(...details.map(problem));
    if (password) {
      password.setAttribute("aria-invalid", "true");
      password.focus();
    }
  };
  const post = async (body) => {
    const answer = await fetch(api, {
      method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body), credentials: "omit", cache: "no-store",
    });
    if (answer.ok) return end("done");
    if (answer.status === 410) return end("gone");
    if (answer.status === 429) return tell(say("throttled"));
    const failure = await answer.json();
    if (answer.status === 400 && failure.details) return refused(failure.details);
    return tell(say("failed"));
  };

  addEventListener("hashchange", () => location.reload());
  if (!token) {
    tell(say("incomplete"));
    return;
  }
  form.hidden = false;
  if (password) {
    password.focus();
    show.addEventListener("change", () => {
      password.type = again.type = show.checked ? "text" : "password";
    });
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    const body = {token};
    if (password) {
      password.removeAttribute("aria-invalid");
      again.removeAttribute("aria-invalid");
      if (password.value !== again.value) {
        tell(say("different"));
        again.setAttribute("aria-invalid", "true");
        again.focus();
        return;
      }
      body.password = password.value;
    }
    sending = true;
    send.setAttribute("aria-disabled", "true");
    tell(say("sending"));
    try {
      await post(body);
    } catch {
      tell(say("failed"));
    }
    sending = false;
    send.removeAttribute("aria-disabled");
  });
})();
