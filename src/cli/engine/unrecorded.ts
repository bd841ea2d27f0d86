import { compileLoaded } from '../../blueprint/compileLoaded';
import { stacksOf } from '../../blueprint/stacksOf';
import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import { hasErrors } from '../../inventory/Finding';
import { inventoryFile } from '../../inventory/inventoryFile';
import { readForEdit } from '../../operations/inventoryFile/editableInventory';
import { importEdit } from '../../operations/recover/importEdits';
import { recover, recoverQuestions } from '../../operations/recover/recover';
import { type FoundResource, RECOVERED_KINDS, type StackStates } from '../../operations/recover/Recovery';
import type { Plan } from '../../runners/stackCommands';
import { writeRoots } from '../../runners/writeRoots';
import type { Root } from '../../../stacks/roots';
import { estateFor, loadLivePorts } from '../estateFor';
import { printError } from '../output';
import { type RenderedRoots, rootsOf } from '../renderRoots';
import { printedCommand } from '../started';
import { stackStates } from '../stackStates';

/** What exists, is podlift's by its tag, and is in no state. */
type Unrecorded = FoundResource & { readonly entry: NonNullable<FoundResource['entry']> };

/** How long AWS and the clusters have for their answers: Terraform has just used the same credentials. */
const SECONDS = 60;

/**
 * What stacks have left behind: resources that exist with podlift's tag of the environment, and that neither the given states nor an import of the inventory has. What AWS or a
 * cluster does not answer is left out.
 *
 * @param states of exactly the stacks that are meant
 */
async function unrecorded(
  { loaded: { inventory }, blueprints }: Pick<RenderedRoots, 'loaded' | 'blueprints'>,
  states: StackStates,
  ports: () => Ports,
): Promise<readonly Unrecorded[]> {
  const stacks = [...states.keys()];
  if (inventory === undefined || stacks.length === 0) return [];
  const environments = environmentsOf(blueprints, stacks);
  const request = { environments, stacks };
  const questions = recoverQuestions(inventory, request, states);
  const options = { source: {}, command: ['apply'], seconds: SECONDS };
  const estate = await estateFor(questions, placesOf(inventory), ports, options);
  return recover(inventory, request, states, estate).resources.flatMap((one) =>
    one.what === 'import' && one.entry !== undefined ? [{ ...one, entry: one.entry }] : [],
  );
}

function environmentsOf(blueprints: RenderedRoots['blueprints'], stacks: readonly string[]): readonly string[] {
  return blueprints
    .filter((one) => stacksOf(one).some(({ name }) => stacks.includes(name)))
    .map(({ environment }) => environment);
}

/**
 * Before stacks whose apply was interrupted or failed are planned again: where a resource exists and the state does not have it, writes roots that import it. An interrupt cancels
 * the request that is on its way: AWS can have created the resource, and Terraform has not seen the answer. The inventory is not changed. Gives the stacks.
 * Source: hashicorp/terraform internal/terraform/context.go (`Stop` stops the providers), hashicorp/terraform-plugin-framework internal/fwserver/server.go (`StopProvider` cancels
 * the contexts of all requests)
 */
export async function importUnrecorded(
  { rendered, folder }: { readonly rendered: RenderedRoots; readonly folder: string },
  stacks: readonly string[],
  ports: () => Ports = loadLivePorts,
): Promise<readonly string[]> {
  const { inventory } = rendered.loaded;
  if (inventory === undefined || stacks.length === 0) return [];
  const environments = environmentsOf(rendered.blueprints, stacks);
  const states = await stackStates(inventory, environments, 'apply', stacks);
  const found = await unrecorded(rendered, states, ports);
  if (found.length === 0) return [];
  const read = readForEdit(inventoryFile());
  const edit = importEdit(
    read,
    [],
    found.map(({ entry }) => entry),
  );
  if ('refusal' in edit) return [];
  const { blueprints, findings } = compileLoaded(read.with(edit.texts));
  if (hasErrors(findings)) return [];
  const roots = rootsOf(
    blueprints.filter(({ environment }) => environments.includes(environment)),
    folder,
    { absoluteStates: true },
  );
  const mine = found.map(({ stack }) => stack);
  writeRoots(
    roots.filter(({ name }) => mine.includes(name)),
    { out: folder, environments: [] },
  );
  const it = found.length === 1 ? 'it' : 'them';
  printError(
    `podlift apply: the apply before created ${found.length === 1 ? 'this resource' : 'these resources'}, and the state does not have ${it}. This run imports ${it}:\n${linesOf(found)}`,
  );
  return mine;
}

/**
 * Whether a plan creates or imports each resource of its root, and creates some: so the state that Terraform has found is empty. A plan that only imports takes over nothing that it
 * would create.
 */
export function startsEmpty({ files }: Root, { changes, counts }: Plan): boolean {
  const creates = changes.filter(({ action }) => action === 'create').length;
  return creates > 0 && creates + counts.import === resourcesIn(files);
}

function resourcesIn(files: Root['files']): number {
  const { resource = {} } = JSON.parse(files.get('main.tf.json') ?? '{}') as {
    readonly resource?: Readonly<Record<string, object>>;
  };
  return Object.values(resource).reduce((sum, byName) => sum + Object.keys(byName).length, 0);
}

/**
 * Why stacks must not be created, by stack: AWS has resources of them already, and they carry podlift's tag of this environment. So another state has them, or it is lost. An apply
 * would fail in the middle, or give one resource two states. Annotations of service accounts have no tag: nobody knows whose they are, and nothing is said of them.
 *
 * @param stacks names of those whose states have nothing, see {@link startsEmpty}
 */
export async function takenStacks(
  stacks: readonly string[],
  rendered: RenderedRoots,
  ports: () => Ports = loadLivePorts,
): Promise<ReadonlyMap<string, string>> {
  const all = rendered.blueprints.flatMap((one) =>
    stacksOf(one).map(({ name, of }) => ({ name, kind: of.kind, environment: one.environment })),
  );
  const empty = all.filter(({ name, kind }) => kind !== 'service-accounts' && stacks.includes(name));
  const states = new Map(empty.map(({ name }) => [name, { ok: true } as const]));
  const found = await unrecorded(rendered, states, ports);
  return new Map(
    empty.flatMap(({ name, environment }) => {
      const mine = found.filter(({ stack }) => stack === name);
      return mine.length === 0 ? [] : [[name, takenText(mine, environment)] as const];
    }),
  );
}

function takenText(found: readonly Unrecorded[], environment: string): string {
  const move = ['npx', 'podlift', 'state', 'move', '--environment', environment, '--base', 'REV'];
  return [
    `The state has no resource of this stack, and AWS has ${found.length} of its resources already, with the tag podlift:environment: ${environment}:`,
    linesOf(found),
    'If `state` or the `name` of the inventory changed, move the state. REV is a git revision before the change:',
    `  ${printedCommand(move)}`,
    'If the state is lost, or its apply was killed, import what exists:',
    `  ${printedCommand(['npx', 'podlift', 'recover', '--environment', environment, '--write'])}`,
  ].join('\n');
}

function linesOf(found: readonly Unrecorded[]): string {
  const name = ({ kind, where }: Unrecorded): string => `  ${kind === 'state' ? kind : RECOVERED_KINDS[kind]} ${where}`;
  return found.map(name).join('\n');
}
