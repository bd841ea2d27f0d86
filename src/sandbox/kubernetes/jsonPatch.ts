import { isJson } from './json';
import { KubeFailure } from './KubeFailure';

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

function isOperation(value: unknown): value is Operation {
  return isJson(value) && typeof value.op === 'string' && typeof value.path === 'string';
}

function unprocessable(message: string): KubeFailure {
  return new KubeFailure(422, 'Invalid', `the server rejected our request due to an error in our request: ${message}`);
}

function keysOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function applyTo(parent: unknown, key: string, { op, value, path }: Operation): void {
  if (Array.isArray(parent)) {
    const list = parent as unknown[];
    const index = key === '-' ? list.length : Number(key);
    if (!Number.isInteger(index) || index < 0 || index > list.length) throw unprocessable(`${path} is not in the list`);
    if (op === 'add') list.splice(index, 0, value);
    else if (op === 'remove') list.splice(index, 1);
    else list[index] = value;
    return;
  }
  if (!isJson(parent)) throw unprocessable(`${path} is missing`);
  if (op !== 'add' && !Object.hasOwn(parent, key)) throw unprocessable(`${path} is missing`);
  if (op === 'remove') Reflect.deleteProperty(parent, key);
  else parent[key] = value;
}

/**
 * A document after a JSON patch: `add`, `remove`, `replace` and `test`. Throws a `KubeFailure` for any other operation, a path that
 * is not there, and a test that fails.
 * Source: RFC 6902
 */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch) || !patch.every(isOperation)) throw unprocessable('a JSON patch is a list of operations');
  const result: unknown = structuredClone(target);
  for (const operation of patch as readonly Operation[]) {
    const keys = keysOf(operation.path);
    const last = keys.pop();
    if (last === undefined) throw unprocessable('the whole document cannot be patched');
    let parent: unknown = result;
    for (const key of keys) parent = isJson(parent) || Array.isArray(parent) ? (parent as never)[key] : undefined;
    if (operation.op === 'test') {
      const found: unknown = isJson(parent) || Array.isArray(parent) ? (parent as never)[last] : undefined;
      if (JSON.stringify(found) !== JSON.stringify(operation.value)) {
        throw unprocessable(`testing value ${operation.path} failed`);
      }
    } else if (['add', 'remove', 'replace'].includes(operation.op)) applyTo(parent, last, operation);
    else throw unprocessable(`the sandbox does not have the operation ${operation.op}`);
  }
  return result;
}
