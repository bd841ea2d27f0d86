import { STATE_ADDRESSES } from '../../Inventory';
import type { Rule } from '../Rule';

/** Names of parameters that servers read a credential from. */
const SECRET = /token|secret|passw|credential|signature|api[_-]?key|access[_-]?key|^(sig|key|auth|sas)$/i;

/** The value is not printed: logs of CI are read by many. */
export const addressCredential: Rule = {
  name: 'address-credential',
  what: 'The addresses of an `http` state have no user, password or token.',
  example: 'the address has a credential before its host',
  *check({ inventory }) {
    for (const { key, state } of inventory.environments) {
      if (state === undefined || !('http' in state)) continue;
      for (const field of STATE_ADDRESSES) {
        const where = placeOf(state.http[field] ?? '');
        if (where === undefined) continue;
        yield {
          path: ['environments', key, 'state', 'http', field],
          message: `the address has a credential ${where}`,
          hint: 'Remove it, and change the credential if it was committed. Set the environment variables TF_HTTP_USERNAME and TF_HTTP_PASSWORD where Terraform runs.',
        };
      }
    }
  },
};

/** Where an address has a credential. */
function placeOf(address: string): string | undefined {
  const [, host = '', query = ''] = /^https?:\/\/([^/?#]*)[^?]*\??(.*)$/i.exec(address) ?? [];
  if (host.includes('@')) return 'before its host';
  const names = query.split(/[&;]/).map((part) => part.split('=')[0] ?? '');
  const secret = names.find((name) => SECRET.test(name));
  return secret === undefined ? undefined : `in the parameter ${JSON.stringify(secret)}`;
}
