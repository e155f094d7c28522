import { apiAddress, Problem, problemOf } from "./api.ts";

/** Asks for something to be done; the signal takes it back. Throws `Problem`. */
export const postJson = <T>(path: string, body: object, signal?: AbortSignal): Promise<T> =>
  sendJson<T>("POST", path, body, signal);

/** Sends what is to be kept. Throws `Problem`; 409 where someone else was before. */
export const putJson = <T>(path: string, body: object): Promise<T> => sendJson<T>("PUT", path, body);

/** Sends what is to be changed. Throws `Problem`; 409 where someone else was before. */
export const patchJson = <T>(path: string, body: object): Promise<T> => sendJson<T>("PATCH", path, body);

async function sendJson<T>(method: string, path: string, body: object, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(apiAddress(path), {
      method,
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
  } catch {
    throw new Problem();
  }
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}
