import { IRSA_AUDIENCE } from '../../blueprint/sourceTrust';
import {
  type ControllerUse,
  kindsFor,
  neverMoves,
  oldImages,
  type OwnPods,
  usesOf,
} from '../../comparison/controllerUse';
import { otherOwner } from '../../comparison/otherOwner';
import { hardCoded, WEB_IDENTITY_VARIABLES } from '../../comparison/podCredentials';
import type { TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Finding } from '../../inventory/Finding';
import type { Workload } from '../../inventory/Inventory';
import { listed } from '../../inventory/suggest';
import { reasonOf } from '../checks/controllers';
import { ageOf } from '../checks/sdk';
import { stuckText } from '../discover/adoption';
import type { FoundCluster, FoundServiceAccount } from '../discover/FoundCluster';
import type { LeftOut } from '../discover/LeftOut';
import { letGo, ownedText } from '../otherOwnerText';
import { type Advice, remedyOf } from '../remedies';
import type { Blocker } from './Survey';

/** What decides about the move of one service account. */
export interface Judged {
  readonly account: FoundServiceAccount;
  readonly found: FoundCluster;
  /** The templates of its pods. */
  readonly templates: readonly TemplateFacts[];
  /** Why discover writes no entry for it. */
  readonly left?: LeftOut;
  /** Its entry, with the key. */
  readonly entry?: { readonly key: string; readonly written: Pick<Workload, 'wave' | 'stage' | 'because' | 'sdk'> };
  /** Quotas of AWS that its entry exceeds at a later stage. */
  readonly exceeded: readonly Pick<Finding, 'message' | 'hint'>[];
}

/** Why a service account cannot move yet, or what has to be done with care; empty: it is ready. */
export function blockersOf(judged: Judged): readonly Blocker[] {
  return [
    ...leftOut(judged),
    ...stays(judged),
    ...ofCompute(judged),
    ...ofImages(judged),
    ...ofAudience(judged),
    ...ofSdk(judged),
    ...ofVariables(judged),
    ...ofReaders(judged),
    ...ofOwner(judged),
    ...judged.exceeded.flatMap(({ message, hint }) => blocker('quota', true, message, hint)),
  ];
}

/** The pods of a service account and the templates of its pods. */
export function ownPodsOf({ account, templates }: Pick<Judged, 'account' | 'templates'>): OwnPods {
  return [...account.pods, ...templates];
}

/** What uses the role of a service account through a known controller. */
export function readersOf({
  account,
  found,
  templates,
}: Pick<Judged, 'account' | 'found' | 'templates'>): readonly ControllerUse[] {
  const used = { ...account, pods: ownPodsOf({ account, templates }), cluster: found.controllers.templates };
  return kindsFor(used).flatMap((kind) => usesOf(kind, found.controllers.objects, used));
}

function blocker(rule: string, stops: boolean, message: string, ...advice: readonly Advice[]): readonly Blocker[] {
  return [{ rule, stops, message, remedy: remedyOf(...advice), docs: `docs/SURVEY.md#${rule}` }];
}

function leftOut({ left }: Judged): readonly Blocker[] {
  if (left === undefined || left.agrees === true) return [];
  const { reason, message, remedy, docs, snippet } = left;
  return [{ rule: reason, stops: true, message, remedy, docs, ...(snippet !== undefined && { snippet }) }];
}

/** The entry says that the workload stays at irsa. */
function stays({ entry, account }: Judged): readonly Blocker[] {
  if (entry === undefined || !staysAtIrsa(entry) || account.running.stuck.length > 0) return [];
  return blocker(
    'stays',
    true,
    entry.written.because ?? 'it stays at irsa',
    `The inventory has it at irsa: \`workloads.${entry.key}\`. When the reason is gone, write a wave in place of stage and because.`,
  );
}

function staysAtIrsa(entry: Judged['entry']): boolean {
  return entry !== undefined && entry.written.wave === undefined && entry.written.stage === 'irsa';
}

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html#pod-id-restrictions */
function ofCompute({ account: { running } }: Judged): readonly Blocker[] {
  if (running.stuck.length === 0) return [];
  return blocker(
    running.compute ?? 'compute',
    true,
    stuckText(running),
    'Leave it on IRSA, or move its pods to Linux nodes of EC2.',
  );
}

function ofImages(judged: Judged): readonly Blocker[] {
  return oldImages(ownPodsOf(judged)).flatMap(({ image, controller: { title, podIdentity } }) => {
    const since = podIdentity?.since;
    return since === undefined
      ? blocker(
          'old-sdk',
          true,
          `${image}: no version of ${title} supports Pod Identity`,
          `Leave it on IRSA, or use another controller instead of ${title}.`,
        )
      : blocker(
          'old-sdk',
          true,
          `${image}: ${title} supports Pod Identity from ${since} on`,
          `Upgrade ${title} to ${since} or later before its wave moves to dual.`,
        );
  });
}

/** The SDK that the images show: that of the AWS CLI. */
function ofSdk({ entry }: Judged): readonly Blocker[] {
  const age = entry && ageOf(entry.written);
  if (age?.kind !== 'too old') return [];
  const { language = '', version = '' } = entry?.written.sdk ?? {};
  return blocker(
    'old-sdk',
    true,
    `${language} ${version} does not support Pod Identity: it uses the role of the node instead`,
    `Upgrade the ${language} SDK in the image to ${age.minimum} or later.`,
  );
}

function ofAudience({ account: { audience } }: Judged): readonly Blocker[] {
  if (audience === undefined || audience === IRSA_AUDIENCE) return [];
  return blocker(
    'custom-audience',
    false,
    `its tokens are for the audience ${JSON.stringify(audience)}`,
    'Keep the annotation and the audience of the trust policy until the last step: Pod Identity does not use them.',
  );
}

function ofVariables({ account, templates }: Judged): readonly Blocker[] {
  // The webhook adds its variables to pods, never to their templates.
  const written = [
    ...account.pods.flatMap((pod) => hardCoded(pod, account.roleArn)),
    ...templates.flatMap(({ containers }) =>
      containers.flatMap(({ name, env }) =>
        WEB_IDENTITY_VARIABLES.flatMap((key) => (env[key] === undefined ? [] : [`${name}: ${key}=${env[key]}`])),
      ),
    ),
  ];
  const all = ownPodsOf({ account, templates });
  const others = [
    ...new Set(all.flatMap(({ containers }) => containers.flatMap(({ env }) => env.AWS_ROLE_ARN ?? []))),
  ].filter((arn) => arn !== account.roleArn);
  const profiles = profilesOf(all);
  const keys = keysOf(all);
  return [
    ...(written.length === 0
      ? []
      : blocker(
          'hard-coded',
          true,
          `the pods have ${listed([...new Set(written)], 5)}: web identity goes before Pod Identity in every SDK`,
          others.length === 0
            ? 'Remove the variables from the pod template, then roll it out: the webhook of EKS sets them itself.'
            : [
                `The pods use ${listed(others, 3)}, and not the role of the service account.`,
                'If the annotation changed after they started, check that the new role has what they need, then restart them.',
                'Otherwise find out which role they need, and give that one to the service account. Only then remove the variables from the pod template.',
              ],
        )),
    ...(keys.length === 0
      ? []
      : blocker(
          'keys',
          true,
          `the pod template sets ${listed(keys, 5)}: an SDK uses these before the role`,
          'Check that the role has the permissions, then remove the variables from the pod template.',
        )),
    ...(profiles.length === 0
      ? []
      : blocker(
          'profile',
          false,
          `the pods have ${listed(profiles, 5)}: an SDK reads a profile before it looks for Pod Identity`,
          'Check that the files have no credentials and no role, or remove them from the pod template.',
        )),
  ];
}

/** Where an SDK finds a profile: the names of variables, and the shared files with what they come from. */
function profilesOf(pods: OwnPods): readonly string[] {
  const found = pods.flatMap(({ containers }) =>
    containers.flatMap(({ earlier, awsFiles = [] }) => [
      ...earlier.filter((name) => !KEYS.has(name)),
      ...awsFiles.map(({ path, from }) => `${path} (${from})`),
    ]),
  );
  return [...new Set(found)].sort();
}

/** Variables with which an SDK has credentials before it looks for a role: the names of those that pods set. */
export function keysOf(pods: OwnPods): readonly string[] {
  const names = pods.flatMap(({ containers }) => containers.flatMap(({ earlier }) => earlier));
  return [...new Set(names)].filter((name) => KEYS.has(name)).sort();
}

const KEYS: ReadonlySet<string> = new Set([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'AWS_SESSION_TOKEN',
]);

function ofReaders(judged: Judged): readonly Blocker[] {
  const uses = readersOf(judged).filter(({ mode }) => !mode.works.includes('pod-identity'));
  const groups = new Map<string, ControllerUse[]>();
  for (const use of uses) {
    const name = `${use.controller.name} ${use.mode.mode}`;
    groups.set(name, [...(groups.get(name) ?? []), use]);
  }
  return [...groups.values()].flatMap((alike) => {
    const { mode, versionUnknown } = alike[0] ?? {};
    if (mode === undefined) return [];
    const never = neverMoves(mode) && versionUnknown !== true;
    // The entry has the same reason already.
    if (never && staysAtIrsa(judged.entry)) return [];
    const instead =
      mode.change === undefined
        ? (mode.instead ?? 'Leave it on IRSA until the controller supports Pod Identity.')
        : `The gate names the objects and the change (${mode.change.field}) when it is due.`;
    return blocker('other-reader', never, reasonOf(alike), instead);
  });
}

function ofOwner({ account: { role } }: Judged): readonly Blocker[] {
  const owner = role && otherOwner(role.facts.tags);
  if (role === undefined || owner === undefined) return [];
  const { facts, policies } = role;
  const ofPolicies = { attached: policies.attached, inline: Object.keys(policies.inline) };
  const steps = letGo(owner, { kind: 'role', id: facts.name, policies: ofPolicies });
  return blocker('other-owner', false, ownedText(`the role ${facts.name}`, owner), steps);
}
