import { checkSources, type LoadedInventory } from '../../src/inventory/loadInventory';
import { parseSource } from '../../src/inventory/source/parseSource';

/** Texts of files by name; one `§` in them stands before what a finding should point to. */
export type MarkedFiles = Readonly<Record<string, string>>;

/** Takes the mark out of a text and says where it stood, counting from 1. */
export function unmark(text: string): { text: string; place?: { line: number; column: number } } {
  const index = text.indexOf('§');
  if (index < 0) return { text };
  const before = text.slice(0, index).split(/\r?\n/);
  return { text: text.replace('§', ''), place: { line: before.length, column: before.at(-1)!.length + 1 } };
}

/** Checks files as loadInventory does after reading them, and gives the place of the mark. */
export function checkMarked(files: MarkedFiles): { loaded: LoadedInventory; place: object } {
  const unmarked = Object.entries(files).map(([file, marked]) => ({ file, ...unmark(marked) }));
  const parsed = unmarked.map(({ file, text }) => parseSource(text, file));
  const loaded = checkSources({
    sources: parsed.flatMap(({ source }) => (source ? [source] : [])),
    findings: parsed.flatMap(({ findings }) => findings),
    files: Object.keys(files),
    complete: parsed.every(({ source }) => source !== undefined),
  });
  const marked = unmarked.find(({ place }) => place);
  return { loaded, place: marked ? { file: marked.file, ...marked.place } : {} };
}

/** An inventory without a fault, in pieces that tests replace. */
export const BASE = `version: 1
accounts:
  apps: { id: "111111111111" }
  data: { id: "222222222222" }
environments:
  dev:
    account: apps
    region: us-west-2
    state: { s3: { bucket: acme-tfstate, region: us-west-2 } }
    clusters:
      main:
        name: dev-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/D1D1" }
        agent: { version: v1.3.4-eksbuild.1 }
    values: { bucket: acme-dev }
  prod:
    account: data
    region: us-west-2
    state: { s3: { bucket: acme-tfstate, region: us-west-2 } }
    tags: { cost-centre: platform }
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/A1A1" }
        agent: { version: v1.3.4-eksbuild.1 }
    values: { bucket: acme-prod }
waves:
  pilot: { stages: { dev: dual, prod: prepared } }
workloads:
  api:
    wave: pilot
    namespace: production
    serviceAccount: api
`;

/** A change to the base: what stands there (once) and what takes its place, or text to put at the end. */
export interface Change {
  readonly replace?: Readonly<Record<string, string>>;
  readonly append?: string;
}

/** The base with a change. Throws when what is to be replaced does not stand there. */
export function changed({ replace = {}, append = '' }: Change): string {
  let text = BASE;
  for (const [from, to] of Object.entries(replace)) {
    if (!text.includes(from)) throw new Error(`the base does not have ${from}`);
    text = text.replace(from, () => to);
  }
  return text + append;
}
