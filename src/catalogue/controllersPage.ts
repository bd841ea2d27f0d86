import { catalogue, hasPermissions, resourceOf } from './catalogue';
import type { KnownController, KnownKind, KnownMode } from './catalogueSchema';

/** The text of `docs/controllers.md`. */
export function controllersPage(): string {
  return `# Controllers that use the roles of others

This page is a reference: it has what podlift knows of controllers that use the role of a service account, or that have a
field of their own that must change with the move to Pod Identity. The check \`controllers\` of \`gate\` and \`doctor\`, and
\`discover\`, use these facts. \`npm run schema\` generates this page from \`src/catalogue/\`, where each fact has its source.

An object works at the stages of its row. Where the row has a change, the gate fails before the stage at which the object
would stop to work, and prints the command. Where it has none, the workload cannot move as long as the object stands: the gate
fails at the first step, and \`discover\` writes \`stage: irsa\` with the reason.

podlift reads the fields that the catalogue names, and drops all others. A kind that a cluster does not have is nothing to
judge. [permissions.md](permissions.md#objects-of-controllers-and-policies) has the permissions.
${catalogue()
  .filter(({ kinds = [] }) => kinds.length > 0)
  .map(({ title, date, kinds = [] }) => `\n## ${title}\n\nFacts of ${date}.\n\n${rowsOf(kinds).join('\n')}\n`)
  .join('')}
## Secrets

podlift reads no values of Secrets. Where the pods of a workload have an image of these controllers, the check could not be
made from the stage on at which they use Pod Identity, and is accepted by name (\`--accept controllers:WORKLOAD\`).

${catalogue()
  .flatMap(({ title, secrets = [] }) => secrets.map((one) => ({ title, ...one })))
  .map(
    ({ title, label, field, because, instead }) =>
      `- ${title}: \`${field}\` in the Secrets with the label \`${label}\`. ${because} ${instead}`,
  )
  .join('\n')}

## Permissions

\`use\` of an entry's permissions takes these names; [CATALOGUE.md](CATALOGUE.md) shows how. The versions are the first that
support Pod Identity.

${permissionLines()}

## Versions

Images that are older than these cannot use Pod Identity. podlift compares the tag of an image whose name ends like this.

${catalogue()
  .flatMap(({ images = [], podIdentity }) =>
    podIdentity === undefined
      ? []
      : [`- \`${images.join('`, `')}\`${versionText(podIdentity)}. ${podIdentity.because}`],
  )
  .join('\n')}
`;
}

/** A line for each controller that `use` takes. */
function permissionLines(): string {
  return catalogue()
    .filter(hasPermissions)
    .map(({ name, aliases = [], namespace = '', serviceAccounts = [], podIdentity, chart, addon, parameters = {} }) => {
      const accounts = serviceAccounts.map((account) => `\`${namespace}/${account.name}\``).join(', ');
      const versions = [
        podIdentity?.never === true
          ? 'no version supports Pod Identity'
          : podIdentity && `image ${podIdentity.since ?? ''}`,
        chart?.since === undefined ? undefined : `chart ${chart.since}`,
        addon?.since === undefined ? undefined : `add-on ${addon.since}`,
      ].filter((one) => one !== undefined);
      const takes = Object.entries(parameters).map(
        ([parameter, { required }]) => `\`${parameter}\`${required === true ? ' (required)' : ''}`,
      );
      return [
        `- ${[name, ...aliases].map((one) => `\`${one}\``).join(' or ')}: ${accounts}`,
        ...(versions.length === 0 ? [] : [versions.join(', ')]),
        ...(takes.length === 0 ? [] : [`parameters ${takes.join(', ')}`]),
      ].join('; ');
    })
    .join('\n');
}

function versionText({ since, also = [] }: NonNullable<KnownController['podIdentity']>): string {
  if (since === undefined) return ': no version';
  return ` from ${since} on${also.length === 0 ? '' : `, and from ${also.join(', ')} of older lines`}`;
}

/** A row for each mode; kinds with the same text have one row. */
function rowsOf(kinds: readonly KnownKind[]): readonly string[] {
  const rows = new Map<string, string[]>();
  for (const kind of kinds)
    for (const mode of kind.modes) {
      const works = mode.works.map((stage) => `\`${stage}\``).join(', ');
      const text = `mode \`${mode.mode}\`: works at ${works}.\n  ${fieldsText(mode)}${mode.because} ${changeText(mode)}`;
      rows.set(text, [...(rows.get(text) ?? []), `\`${resourceOf(kind)}\``]);
    }
  return [...rows].map(([text, resources]) => `- ${resources.join(', ')}, ${text.trimEnd()}`);
}

function fieldsText({ account, below }: KnownMode): string {
  const version = below === undefined ? '' : `Below ${below}. `;
  if ('named' in account) return `${version}\`${account.named}\` names the service account. `;
  if ('claimedBy' in account) return `${version}\`${account.claimedBy}\` names the claim that pods mount. `;
  if ('target' in account) return `${version}\`${account.target}\` names the workload. `;
  return version;
}

function changeText({ change, instead }: KnownMode): string {
  if (change === undefined) return instead ?? '';
  const works = change.works.map((stage) => `\`${stage}\``).join(', ');
  return `Change: \`${change.field}\` to \`${change.to ?? 'nothing'}\`, which works at ${works}.`;
}
