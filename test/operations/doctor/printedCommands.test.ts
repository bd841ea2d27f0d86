import pico from 'picocolors';
import { findingText } from '../../../src/cli/doctor/findingText';
import type { DoctorFinding } from '../../../src/operations/doctor/DoctorFinding';
import { kubectlWithin, unannounced } from '../printedCommands';
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

describe('the commands that the doctor prints', () => {
  it.each(FAULTS)(
    '$name, at $stage: podlift-read allows them, or the sentence before says what they need',
    async (fault) => {
      for (const { shows, mends = '' } of await findingsOf(fault))
        expect([kubectlWithin(shows).join('\n'), mends].flatMap(unannounced)).toEqual([]);
    },
  );

  it.each(FAULTS)('$name, at $stage: none is the name of a context alone', async (fault) => {
    const paint = pico.createColors(false);
    for (const finding of await findingsOf(fault)) {
      if (finding.state === 'ok') continue;
      for (const line of findingText(finding, paint).split('\n'))
        expect(line).not.toMatch(/^\s*(look\s+)?kubectl --context \S+\s*$/);
    }
  });

  it.each(FAULTS)('$name, at $stage: a pod that a command names is one that the finding is about', async (fault) => {
    for (const { shows, pods } of await findingsOf(fault)) {
      const [, name] = /get pods --field-selector metadata\.name=(\S+)/.exec(shows) ?? [];
      if (name !== undefined) expect(pods).toContain(name);
    }
  });
});
