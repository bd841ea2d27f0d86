import type { HttpAnswer } from '../http/HttpAnswer';

/** Credentials that an agent keeps for whoever has the same token. */
export interface CachedCredentials {
  readonly answer: HttpAnswer;
  /** Milliseconds since 1970. */
  readonly until: number;
}
