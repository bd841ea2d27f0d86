import { STAGES } from '../../../src/inventory/Inventory';
import { readFileSync } from 'node:fs';
import { isNoAnswer, settle } from '../../../src/estate/ask';
import { answerOf, type Question } from '../../../src/estate/questions';
import type { Estate } from '../../../src/estate/Estate';
import { access } from '../../../src/operations/checks/access';
import { type Checked, onClusters, partsOf } from '../../../src/operations/checks/Check';
import { checksPage } from '../../../src/operations/checks/checksPage';
import { CHECK_NAMES, CHECK_TABLE, type CheckName } from '../../../src/operations/checks/checkTable';
import { doctorQuestions } from '../../../src/operations/doctor/doctor';
import { gateQuestions } from '../../../src/operations/gate/gate';
import { roleSettingsOf, targetOf } from '../../blueprint/inventoryOf';
import { AGENT_FAULTS } from '../doctor/agentFaults';
import { CLUSTER_FAULTS } from '../doctor/clusterFaults';
import { healthy } from '../doctor/doctorWorld';
import type { Fault } from '../doctor/Fault';
import { HOP_FAULTS } from '../doctor/hopFaults';
import { POD_FAULTS } from '../doctor/podFaults';
import { ROLE_FAULTS } from '../doctor/roleFaults';
import { estateOf } from '../estateOf';
import { templateOf } from '../facts';

const ACCESS = { action: 's3:GetObject', resource: 'arn:aws:s3:::acme/1' };

/** Worlds that together lead every check to all that it reads. */
const WORLDS: readonly Pick<Fault, 'stage' | 'setting' | 'break'>[] = [
  ...[...CLUSTER_FAULTS, ...AGENT_FAULTS, ...ROLE_FAULTS, ...HOP_FAULTS, ...POD_FAULTS],
  { stage: 'dual', setting: { workload: { role: roleSettingsOf({ adopt: true }) } }, break: () => undefined },
  // Before a step back the annotation decides whether the apply may create the association.
  { stage: 'cutover', break: (world) => (world.associations = []) },
  // The audience that a trust policy wants is known only by the service account.
  {
    stage: 'irsa',
    break: (world) => {
      const [[key, role] = ['', undefined]] = Object.entries(world.roles);
      world.roles[key] = JSON.parse(JSON.stringify(role).replace('"sts.amazonaws.com"', '"vault"'));
    },
  },
  {
    stage: 'dual',
    setting: { targets: [targetOf()] },
    break: (world) => {
      const policy = 'arn:aws:iam::aws:policy/Hop';
      const document = { Statement: { Effect: 'Allow', Action: 'sts:*', Resource: '*' } } as const;
      world.managedPolicies[policy] = document;
      for (const key of Object.keys(world.rolePolicies))
        world.rolePolicies[key] = { ...world.rolePolicies[key]!, attached: [policy] };
      const trust = { Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:*' } } as const;
      for (const [key, role] of Object.entries(world.roles)) world.roles[key] = { ...role, trust };
    },
  },
  {
    stage: 'dual',
    // A volume of Mountpoint asks for the version of its driver, which is not in the pods.
    break: (world) => {
      const csi = { driver: 's3.csi.aws.com', volumeAttributes: { authenticationSource: 'pod' } };
      const spec = { csi, claimRef: { namespace: 'production', name: 'orders' } };
      world.customObjects = { persistentvolumes: [{ name: 'orders', fields: { spec } }] };
      world.templates = [templateOf({ volumeClaims: ['orders'] })];
    },
  },
  {
    stage: 'dual',
    setting: { workload: { patterns: [{ namespaces: ['pr-*'], serviceAccounts: ['app'], clusters: ['main'] }] } },
    break: () => undefined,
  },
];

/** What a check reads in an Estate, follow-ups included. */
function readBy(checked: Checked, estate: Estate): readonly Question['ask'][] {
  return partsOf(checked).flatMap((one): readonly Question['ask'][] => {
    if (!('questions' in one)) return [];
    const read: Question['ask'][] = [];
    const { value } = settle(one, estate, (question) => {
      read.push(question.ask);
      return answerOf(estate, question);
    });
    return [...read, ...(isNoAnswer(value) ? [] : readBy(value, estate))];
  });
}

describe('the table of checks', () => {
  it('lets a check come only after earlier ones', () => {
    CHECK_NAMES.forEach((name, index) => {
      for (const check of CHECK_TABLE[name].after) expect(CHECK_NAMES.slice(0, index)).toContain(check);
    });
  });

  it('names what each check of the doctor reads, in the gate and before a step back too, and nothing else', async () => {
    const read = new Map<CheckName, Set<string>>();
    for (const { stage, setting, break: make } of WORLDS) {
      const { inventory, world } = healthy(stage, setting);
      make(world);
      const [environment] = inventory.environments;
      const workload = environment!.workloads[0]!;
      const [subject] = onClusters(environment!, workload);
      const [before, next] = [-1, 1].map((by) => STAGES[STAGES.indexOf(workload.stage) + by]);
      const [stepped] = next === undefined ? [] : onClusters(environment!, workload, next);
      const back = before === undefined ? [] : onClusters(environment!, workload, before);
      const request = { environments: ['prod'], access: ACCESS, admission: true };
      const gateRequest = { wave: 'pilot', environment: 'prod', direction: 'forward', admission: true } as const;
      const [ofDoctor, ofGate] = [doctorQuestions(inventory, request), gateQuestions(inventory, gateRequest)];
      const estate = await estateOf(world, inventory, (known) => [...ofDoctor(known), ...ofGate(known)]);
      for (const check of CHECK_NAMES) {
        const { doctor, gate } = CHECK_TABLE[check];
        const run = check === 'access' ? access(ACCESS) : doctor;
        if (run === undefined) continue;
        const kinds = read.get(check) ?? new Set();
        for (const one of [subject!, ...back]) for (const kind of readBy(run(one), estate)) kinds.add(kind);
        if (stepped !== undefined && gate !== undefined && 'check' in gate)
          for (const kind of readBy(gate.check(stepped), estate)) kinds.add(kind);
        read.set(check, kinds);
      }
    }
    expect(Object.fromEntries([...read].map(([check, kinds]) => [check, [...kinds].sort()]))).toEqual(
      Object.fromEntries(
        CHECK_NAMES.filter((check) => read.has(check)).map((check) => [check, [...CHECK_TABLE[check].reads].sort()]),
      ),
    );
  });

  it('is in docs/checks.md as it is in the code (npm run schema writes it)', () => {
    expect(readFileSync('docs/checks.md', 'utf8')).toBe(checksPage());
  });
});
