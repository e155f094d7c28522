import { generateKeyPairSync } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, SignJWT, type JWTPayload } from "jose";
import Provider from "oidc-provider";

/** People whom the provider knows, by their names, with their groups. */
export type Accounts = Record<string, string[]>;

/** A provider at which people sign in. */
export interface TestProvider {
  issuer: string;
  stop(): Promise<void>;
}

const keyPair = () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey;
};

/** A whole one, which lets in whom `who` names. */
export async function startProvider(address: string, accounts: Accounts, who: () => string): Promise<TestProvider> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = { ...keyPair().export({ format: "jwk" }), alg: "ES256", use: "sig", kid: "k1" };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "kvv",
        client_secret: "a-secret-of-the-monitor",
        redirect_uris: [`${address}/sign-in/callback`],
        post_logout_redirect_uris: [`${address}/signed-out`],
        id_token_signed_response_alg: "ES256",
      },
    ],
    jwks: { keys: [key as never] },
    cookies: { keys: ["k"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    claims: { openid: ["sub"], profile: ["preferred_username", "groups"] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, preferred_username: id, groups: accounts[id] ?? [] }),
    }),
  });
  const handle = provider.callback();
  const letIn = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const { prompt, session, params } = await provider.interactionDetails(request, response);
    if (prompt.name === "login")
      return provider.interactionFinished(request, response, { login: { accountId: who() } });
    const grant = new provider.Grant({ accountId: session!.accountId, clientId: params.client_id as string });
    grant.addOIDCScope("openid profile");
    const consent = { grantId: await grant.save() };
    return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
  };
  server.on("request", (request, response) => {
    if (!request.url!.startsWith("/interaction/")) return void handle(request, response);
    letIn(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  return {
    issuer,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a false provider puts into its answers. */
export interface Falsehood {
  claims?: JWTPayload;
  /** Signs with a key that it never published. */
  otherKey?: boolean;
  /** Changes the token when it is signed. */
  alter?: (token: string) => string;
}

/** One that answers any code with what the test says: `lie` gets the nonce that was asked. */
export async function startFalseProvider(
  lie: (nonce: string) => Falsehood,
): Promise<TestProvider & { codeFor(authorize: string): string }> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [key, other] = [keyPair(), keyPair()];
  const jwk = { ...(await exportJWK(key)), d: undefined, kid: "k1", alg: "ES256", use: "sig" };
  let nonce = "";
  const token = async () => {
    const { claims = {}, otherKey = false, alter = (each: string) => each } = lie(nonce);
    const now = Math.floor(Date.now() / 1000);
    const whole = { iss: issuer, aud: "kvv", sub: "alice", nonce, iat: now, exp: now + 300, ...claims };
    const signed = await new SignJWT({ preferred_username: "alice", groups: ["KVV-Control"], ...whole })
      .setProtectedHeader({ alg: "ES256", kid: "k1" })
      .sign(otherKey ? other : key);
    return alter(signed);
  };
  server.on("request", (request, response) => {
    const json = (body: object) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    const path = request.url!.split("?")[0];
    if (path === "/.well-known/openid-configuration")
      return void json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ["code"],
        id_token_signing_alg_values_supported: ["ES256"],
      });
    if (path === "/jwks") return void json({ keys: [jwk] });
    request.resume();
    void token().then((id_token) => json({ access_token: "a", token_type: "Bearer", id_token }));
  });
  return {
    issuer,
    codeFor(authorize) {
      nonce = new URL(authorize).searchParams.get("nonce")!;
      return "a-code";
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
