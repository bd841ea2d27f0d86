import { commandText, remedyText } from '../../../src/cli/report';
import type { DoctorFinding } from '../../../src/operations/doctor/doctor';
import { unannounced } from '../printedCommands';
import { AGENT_FAULTS } from './agentFaults';
import { CLUSTER_FAULTS } from './clusterFaults';
import { ask, healthy } from './doctorWorld';
import { HOP_FAULTS } from './hopFaults';
import { POD_FAULTS } from './podFaults';
import { ROLE_FAULTS } from './roleFaults';

const FAULTS = [...CLUSTER_FAULTS, ...AGENT_FAULTS, ...ROLE_FAULTS, ...HOP_FAULTS, ...POD_FAULTS];

async function findingsOf({ stage, setting, break: make }: (typeof FAULTS)[number]): Promise<readonly DoctorFinding[]> {
  const broken = healthy(stage, setting);
  make(broken.world);
  const { findings } = await ask(broken);
  return findings;
}

/** The command that inspects. */
function inspectOf({ inspect }: DoctorFinding): readonly string[] {
  return inspect !== undefined && 'run' in inspect ? inspect.run : [];
}

describe('the commands that the doctor prints', () => {
  it.each(FAULTS)(
    '$name, at $stage: the ClusterRoles for reading allow them, or the sentence before says what they need',
    async (fault) => {
      for (const finding of await findingsOf(fault))
        expect(
          [commandText({ run: inspectOf(finding) }), remedyText(finding.remedy ?? [])].flatMap(unannounced),
        ).toEqual([]);
    },
  );

  it.each(FAULTS)('$name, at $stage: none is the name of a context alone', async (fault) => {
    for (const finding of await findingsOf(fault)) {
      const steps = [{ run: inspectOf(finding) }, ...(finding.remedy ?? [])];
      for (const step of steps)
        if ('run' in step && step.run[0] === 'kubectl') expect(step.run.slice(3).length).toBeGreaterThan(0);
    }
  });

  it.each(FAULTS)('$name, at $stage: a pod that a command names is one that the finding is about', async (fault) => {
    for (const finding of await findingsOf(fault)) {
      const run = inspectOf(finding);
      const [, name] = /^metadata\.name=(.*)/.exec(run[run.indexOf('--field-selector') + 1] ?? '') ?? [];
      if (name !== undefined && run.includes('pods')) expect(finding.pods).toContain(name);
    }
  });
});
