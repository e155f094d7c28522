import { createSecretKey, randomUUID, type KeyObject } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import * as client from "openid-client";
import { z } from "zod";

export interface ProviderOptions {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Where readers reach the monitor, without a slash at its end. */
  address: string;
}

/** Somebody on their way to the provider and back, in a cookie of a few minutes. */
const flowSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string() });

const flowSeconds = 600;
const patienceSeconds = 10;

/** What came back from a provider that has let somebody in. */
export interface Returned {
  claims: Record<string, unknown>;
  idToken: string;
  next: string;
}

/** The OpenID Connect provider at which people sign in: code flow with PKCE, state and nonce. */
export class Provider {
  private readonly options: ProviderOptions;
  /** Of the home: whoever began to sign in at one of its servers may come back to another. */
  private readonly key: KeyObject;
  private found: Promise<client.Configuration> | null = null;

  constructor(options: ProviderOptions, key: Uint8Array) {
    this.options = options;
    this.key = createSecretKey(key);
  }

  private get callback(): string {
    return `${this.options.address}/sign-in/callback`;
  }

  /** Where to send somebody to sign in, and what to remember of it meanwhile. Throws where the provider cannot be reached. */
  async begin(next: string): Promise<{ address: string; flow: string }> {
    const config = await this.discover();
    const verifier = client.randomPKCECodeVerifier();
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    const address = client.buildAuthorizationUrl(config, {
      redirect_uri: this.callback,
      scope: "openid profile",
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      ...{ state, nonce },
    });
    const flow = await new SignJWT({ state, nonce, verifier, next })
      .setProtectedHeader({ alg: "HS256" })
      .setAudience("sign-in")
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${flowSeconds}s`)
      .sign(this.key);
    return { address: address.href, flow };
  }

  /** Who came back; throws where the answer is not to what was asked, or the provider does not stand by it. */
  async finish(query: string, flow: string | undefined): Promise<Returned> {
    const { payload } = await jwtVerify(flow ?? "", this.key, { algorithms: ["HS256"], audience: "sign-in" });
    const { state, nonce, verifier, next } = flowSchema.parse(payload);
    const tokens = await client.authorizationCodeGrant(await this.discover(), new URL(`${this.callback}${query}`), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    return { claims: { ...tokens.claims() }, idToken: tokens.id_token!, next };
  }

  /** Where to sign out at the provider too; null where it has no such place, or cannot be reached. */
  async endAddress(idToken: string | null): Promise<string | null> {
    try {
      const config = await this.discover();
      if (!config.serverMetadata().end_session_endpoint) return null;
      return client.buildEndSessionUrl(config, {
        post_logout_redirect_uri: `${this.options.address}/signed-out`,
        ...(idToken ? { id_token_hint: idToken } : {}),
      }).href;
    } catch {
      return null;
    }
  }

  /** Asked once; anew after it could not be reached. */
  private discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.options;
    const insecure = new URL(issuer).protocol === "http:";
    this.found ??= client
      .discovery(new URL(issuer), clientId, clientSecret || undefined, clientSecret ? undefined : client.None(), {
        timeout: patienceSeconds,
        // Without encryption only for a provider on this machine, by the settings.
        // Signatures are checked although the answer comes straight from the provider.
        execute: [client.enableNonRepudiationChecks, ...(insecure ? [client.allowInsecureRequests] : [])],
      })
      .catch((error: unknown) => {
        this.found = null;
        throw error;
      });
    return this.found;
  }
}
