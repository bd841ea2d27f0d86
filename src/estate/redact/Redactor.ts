import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import { MANAGED_BY_KEY, PLACE_KEY, TOOL_KEY, WHOLE_TOOL_KEY } from '../../inventory/aws/toolTags';
import { conditionKeyExists } from '../../inventory/iamCatalogue';
import { type Piece, splitter } from './split';
import { pseudonyms, type Word } from './Pseudonyms';

type Change = (text: string) => string;

/** How names are replaced. The same text becomes the same text in all documents that one redactor changes. */
export interface Redactor {
  /** Replaces the names in a text. */
  readonly text: Change;
  /** The key of a tag, a label or an annotation: those of AWS, Kubernetes and podlift stay. */
  readonly key: Change;
  /** A key of a policy's conditions: that of AWS stays, up to the name of a tag. */
  readonly conditionKey: Change;
}

/**
 * A redactor for documents that `change` changes. It is called twice: first with a redactor that only collects the words, and changes nothing.
 * Throws `NoPseudonym`.
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

function redactorOf(text: Change): Redactor {
  const key: Change = (name) => {
    if (isToolKey(name)) return name;
    const [whole = ''] = KEPT_KEY.exec(name) ?? [];
    return whole + text(name.slice(whole.length));
  };
  return {
    text,
    key,
    conditionKey: (name) => {
      const [whole] = CONDITION_KEY.exec(name) ?? [];
      return whole !== undefined && conditionKeyExists(name) ? whole + key(name.slice(whole.length)) : text(name);
    },
  };
}

/** Whether a key is one of the tags by which a resource says which tool owns it. */
function isToolKey(name: string): boolean {
  return [WHOLE_TOOL_KEY, MANAGED_BY_KEY, TOOL_KEY, PLACE_KEY].some((key) => key.test(name));
}

/**
 * Keys that AWS, Kubernetes and podlift themselves set; `kubernetes.io/cluster/` stands before the name of a cluster. Others below their domains are names:
 * anybody can write `kubernetes.io/my-team`.
 * Source: https://kubernetes.io/docs/reference/labels-annotations-taints/
 */
const KEPT_KEY = new RegExp(
  `^(${[
    'aws:.*',
    'eks:(cluster-name|addon-name|nodegroup-name|eks-cluster-name|kubernetes-node-pool-name|kubernetes-node-class-name)$',
    'podlift:(workload|environment|stage)$',
    'kubernetes\\.io/cluster/',
    'app\\.kubernetes\\.io/(name|instance|version|component|part-of|managed-by)$',
    'eks\\.amazonaws\\.com/(role-arn|audience|sts-regional-endpoints|token-expiration|skip-containers|component|fargate-profile)$',
    '(statefulset\\.kubernetes\\.io/pod-name|apps\\.kubernetes\\.io/pod-index)$',
    '(batch\\.kubernetes\\.io/)?(controller-uid|job-name)$',
    'kubernetes-(namespace|service-account|pod-name|pod-uid)$|eks-cluster-(arn|name)$',
    '(pod-template-hash|controller-revision-hash|pod-template-generation)$',
  ].join('|')})`,
);
const CONDITION_KEY = /^[a-z0-9-]+:[a-z0-9-]+(\/|$)/i;

/** Random addresses of 10.0.0.0/8 and of the documentation's 2001:db8::/32; the length of a range stays. */
function addresses(): Change {
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
