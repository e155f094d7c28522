import { apiAddress, Problem, problemIn } from "./api.ts";

/** Sends a form, and tells which share of it has gone: `fetch` cannot tell. Throws `Problem`. */
export function sendForm<T>(path: string, form: FormData, sent: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", apiAddress(path));
    request.responseType = "json";
    request.setRequestHeader("accept", "application/json");
    request.upload.onprogress = ({ loaded, total }) => sent(total > 0 ? loaded / total : 0);
    request.upload.onload = () => sent(1);
    request.onerror = request.onabort = () => reject(new Problem());
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as T);
      else reject(problemIn(request.status, request.response ?? {}));
    };
    request.send(form);
  });
}
