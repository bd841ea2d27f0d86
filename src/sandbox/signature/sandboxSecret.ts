/** The secret access key of every account's ambient credentials: it guards nothing but a loopback port. */
export const SANDBOX_SECRET_ACCESS_KEY = 'podlift/sandbox/secret/access/key/0000000';
