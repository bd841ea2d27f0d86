import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import type { PolicyDocument, PrincipalElement, Statement } from '../../iam/PolicyDocument';
import { iamServices } from '../../inventory/iamCatalogue';
import { type Piece, splitter } from './split';
import { pseudonyms, type Word } from './Pseudonyms';

/** Changes a value. */
export type Change<T> = (value: T) => T;

/** How names are replaced. The same text becomes the same text in all documents that one redactor changes. */
export interface Redactor {
  /** Replaces the names in a text. */
  readonly text: Change<string>;
  /** The key of a tag, a label or an annotation: those of AWS, Kubernetes and podlift stay. */
  readonly key: Change<string>;
  /** A key of a policy's conditions: that of AWS stays, up to the name of a tag. */
  readonly conditionKey: Change<string>;
}

/**
 * A redactor for documents that `change` changes. It is called twice: first with a redactor that only collects the words, and changes nothing.
 *
 * @param kept names that stay: those of add-ons, and of AWS's managed policies
 */
export function redacted<T>(
  kept: Iterable<string>,
  change: (redactor: Redactor) => T,
): { readonly result: T; readonly redactor: Redactor } {
  const split = splitter(kept);
  const words: Word[] = [];
  const stay = new Set<string>();
  change(
    redactorOf((text) => {
      for (const piece of split(text)) {
        if ('word' in piece) words.push(piece);
        if ('kept' in piece) for (const one of piece.kept.toLowerCase().split(/[^a-z0-9]+/)) stay.add(one);
      }
      return text;
    }),
  );
  const wordFor = pseudonyms(words, stay);
  const addressFor = addresses();
  const image = (piece: Piece): string => {
    if ('kept' in piece) return piece.kept;
    return 'word' in piece ? wordFor(piece.word) : addressFor(piece.address);
  };
  const text = (one: string) => split(one).map(image).join('');
  const redactor = redactorOf(text);
  return { result: change(redactor), redactor };
}

function redactorOf(text: Change<string>): Redactor {
  const key: Change<string> = (name) => {
    const [whole = ''] = KEPT_KEY.exec(name) ?? [];
    return whole + text(name.slice(whole.length));
  };
  return {
    text,
    key,
    conditionKey: (name) => {
      const [whole = '', service = ''] = CONDITION_KEY.exec(name) ?? [];
      return service === 'aws' || iamServices().has(service) ? whole + key(name.slice(whole.length)) : text(name);
    },
  };
}

/** Keys of AWS, Kubernetes and podlift; `kubernetes.io/cluster/` stands before the name of a cluster. */
const KEPT_KEY =
  /^((aws|eks|podlift):.*|kubernetes\.io\/cluster\/|([\w-]+\.)*(kubernetes\.io|k8s\.io|k8s\.aws|amazonaws\.com)\/[\w.-]+$|pod-template-hash$|controller-revision-hash$)/;
const CONDITION_KEY = /^([a-z0-9-]+):[A-Za-z0-9-]+(\/|$)/;

/** Random addresses of 10.0.0.0/8 and of the documentation's 2001:db8::/32; the length of a range stays. */
function addresses(): Change<string> {
  const images = new Map<string, string>();
  return (text) => {
    const known = images.get(text);
    if (known !== undefined) return known;
    const [address = '', bits] = text.split('/');
    const separator = address.includes('-') ? '-' : '.';
    const numbers = Array.from({ length: 3 }, () => randomInt(256));
    const image =
      isIP(address) === 6
        ? `2001:db8:${numbers.map((one) => one.toString(16)).join(':')}::`
        : [10, ...numbers].join(separator);
    const whole = bits === undefined ? image : `${image}/${bits}`;
    images.set(text, whole);
    return whole;
  };
}

/** Free text is replaced as a whole. */
export const FREE_TEXT = 'redacted';
export const freeText: Change<string> = () => FREE_TEXT;
/** A value that names nothing. */
export const keep = <T>(value: T): T => value;

/** Changes each item of a list. */
export function each<T>(change: Change<T>): Change<readonly T[]> {
  return (values) => values.map(change);
}

/** Changes keys and values of a map. */
export function byKey<T>(key: Change<string>, change: Change<T>): Change<Readonly<Record<string, T>>> {
  return (map) => Object.fromEntries(Object.entries(map).map(([name, value]) => [key(name), change(value)]));
}

/** How each field of a type is changed; the type checker asks for all of them. */
export type Changes<T> = { readonly [K in keyof T]-?: Change<Exclude<T[K], undefined>> };

/** Changes the fields of an object. Fields that are not named, those of a later version, are left out. */
export function fields<T extends object>(changes: Changes<T>): Change<T> {
  return (value) =>
    Object.fromEntries(
      Object.entries(value).flatMap(([name, one]) =>
        Object.hasOwn(changes, name) ? [[name, (changes[name as keyof T] as Change<unknown>)(one)]] : [],
      ),
    ) as T;
}

/** Changes a text, or each of several. */
export function oneOrMany(change: Change<string>): <T extends string | readonly string[]>(value: T) => T {
  return <T extends string | readonly string[]>(value: T): T =>
    (typeof value === 'string' ? change(value) : value.map(change)) as T;
}

/** Changes a statement of a policy, in IAM's own names. */
export function statementOf({ text, conditionKey }: Redactor): Change<Statement> {
  const texts = oneOrMany(text);
  const principal: Change<PrincipalElement> = (value) =>
    value === '*'
      ? value
      : fields<Exclude<PrincipalElement, '*'>>({ AWS: texts, Service: texts, Federated: texts, CanonicalUser: texts })(
          value,
        );
  const values = conditionValues(text);
  return fields<Statement>({
    Sid: text,
    Effect: keep,
    Principal: principal,
    NotPrincipal: principal,
    Action: keep,
    NotAction: keep,
    Resource: texts,
    NotResource: texts,
    Condition: byKey(keep, byKey(conditionKey, values)),
  });
}

/** Changes the values of a condition. IAM keeps a number as its digits, which can be written as a text too. */
export function conditionValues(text: Change<string>): <T>(value: T) => T {
  const change = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(change);
    if (typeof value === 'number') return Number(text(String(value)));
    return typeof value === 'string' ? text(value) : value;
  };
  return change as <T>(value: T) => T;
}

/** Changes a policy document. */
export function policyOf(redactor: Redactor): Change<PolicyDocument> {
  const statement = statementOf(redactor);
  return fields<PolicyDocument>({
    Version: keep,
    Id: redactor.text,
    Statement: (value) => (isList(value) ? value.map(statement) : statement(value)),
  });
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
