import { STATE_ADDRESSES } from '../../Inventory';
import type { Rule } from '../Rule';

/** The machine itself: nobody else sees the connection. */
const LOOPBACK = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?\//i;

export const plainAddress: Rule = {
  name: 'plain-address',
  severities: ['warning'],
  what: 'The addresses of an `http` state begin with https://, unless the server is on the same machine.',
  example: 'http://state.acme.com/{stack} is not encrypted',
  *check({ inventory }) {
    for (const { key, state } of inventory.environments) {
      if (state === undefined || !('http' in state)) continue;
      for (const field of STATE_ADDRESSES) {
        const address = state.http[field] ?? '';
        if (!/^http:/i.test(address) || LOOPBACK.test(address) || address.includes('@')) continue;
        yield {
          path: ['environments', key, 'state', 'http', field],
          message: `${address} is not encrypted: the state and the password go over the network as they are`,
          hint: 'Write https://.',
        };
      }
    }
  },
};
