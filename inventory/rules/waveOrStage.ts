import type { Rule } from './Rule';

/** A stage comes from a wave or from the workload itself. */
export const waveOrStage: Rule = {
  name: 'wave-or-stage',
  severities: ['error'],
  what: 'A workload has a `wave` or a `stage` of its own, not both.',
  example: 'both wave "pilot" and stage "dual"',
  *check({ written }) {
    for (const [key, workload] of Object.entries(written.workloads)) {
      const places = [
        { fields: workload, path: ['workloads', key] },
        ...Object.entries(workload.overrides ?? {}).map(([environment, fields]) => ({
          fields,
          path: ['workloads', key, 'overrides', environment],
        })),
      ];
      for (const { fields, path } of places) {
        if (fields.wave === undefined || fields.stage === undefined) continue;
        yield {
          path: [...path, 'stage'],
          message: `workload "${key}" has both wave "${fields.wave}" and stage "${fields.stage}"`,
          hint: 'Remove one: with a wave it moves when the wave moves, with a stage it stays.',
        };
      }
    }
  },
};
