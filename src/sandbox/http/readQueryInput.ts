import type { Input } from '../api/Input';
import { validationFault } from '../api/Fault';

type Tree = Map<string, Tree | string>;

/** A list may be this long; a longer one is a mistake or an attack. */
const MAX_MEMBERS = 1000;

function put(tree: Tree, path: readonly string[], value: string): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    tree.set(head, value);
    return;
  }
  const child = tree.get(head);
  const branch: Tree = child instanceof Map ? child : new Map<string, Tree | string>();
  tree.set(head, branch);
  put(branch, rest, value);
}

function valueOf(node: Tree | string): unknown {
  if (typeof node === 'string') return node;
  const member = node.get('member');
  if (member instanceof Map && node.size === 1) {
    const indexed = [...member].map(([index, child]) => [Number(index), child] as const);
    if (indexed.length > MAX_MEMBERS || indexed.some(([index]) => !Number.isInteger(index) || index < 1)) {
      throw validationFault('MalformedQueryString: list members are numbered from 1');
    }
    return indexed.sort(([one], [other]) => one - other).map(([, child]) => valueOf(child));
  }
  return Object.fromEntries([...node].map(([key, child]) => [key, valueOf(child)]));
}

/**
 * The parameters of a Query protocol form, without `Action` and `Version`: `Tags.member.1.Key=team` becomes
 * `{ Tags: [{ Key: 'team' }] }`. Values stay text. Throws a validation fault for lists that are none.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function readQueryInput(form: URLSearchParams): Input {
  const tree: Tree = new Map<string, Tree | string>();
  for (const [key, value] of form) {
    if (key !== 'Action' && key !== 'Version') put(tree, key.split('.'), value);
  }
  return valueOf(tree) as Input;
}
