import { fieldsOf } from '../../catalogue/catalogue';
import type { CustomObjectFacts } from './KubernetesPort';

interface CustomObjectJson {
  readonly metadata?: { readonly namespace?: string; readonly name?: string };
}

type Json = Readonly<Record<string, unknown>>;

/** An object of a kind of the catalogue, cut down to the fields that the catalogue names. What else it has is dropped, secrets too. */
export function readCustomObject(resource: string): (object: CustomObjectJson) => CustomObjectFacts {
  const paths = fieldsOf(resource).map((path) => path.split('.'));
  return (object) => {
    const { namespace, name = '' } = object.metadata ?? {};
    return {
      ...(namespace !== undefined && { namespace }),
      name,
      fields: cut(object, paths) as CustomObjectFacts['fields'],
    };
  };
}

/** A value with nothing but the texts, numbers and booleans at these paths. Items of lists stay, maybe empty, so that their numbers do. */
function cut(value: unknown, paths: readonly (readonly string[])[]): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const entries = [...new Set(paths.flatMap(([first]) => first ?? []))].flatMap((step): [string, unknown][] => {
    const key = step.replace(/\[\]$/, '');
    if (!Object.hasOwn(value, key)) return [];
    const member = (value as Json)[key];
    const rest = paths.filter(([first]) => first === step).map((path) => path.slice(1));
    if (step.endsWith('[]'))
      return Array.isArray(member) ? [[key, member.map((item: unknown) => cut(item, rest))]] : [];
    if (!rest.some((path) => path.length === 0)) return [[key, cut(member, rest)]];
    return isPlain(member) ? [[key, member]] : [];
  });
  return Object.fromEntries(entries);
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
