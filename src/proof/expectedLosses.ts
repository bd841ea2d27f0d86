import type { GatedLoss } from './Proof';

/** The losses that the stages cannot avoid, each with the gate that guards it; the proof must find these and no third. Source: docs/MIGRATION.md. */
export const EXPECTED_LOSSES: readonly Omit<GatedLoss, 'workloads'>[] = [
  {
    step: { from: 'cutover', to: 'pod-identity' },
    mode: 'irsa',
    loses: 'pods admitted before dual and never restarted lose the role: they still hold web identity',
    gate: 'no AssumeRoleWithWebIdentity for the role since the stage began, for at least the wave’s soak; restart what still does',
  },
  {
    step: { from: 'dual', to: 'prepared' },
    mode: 'pod-identity',
    loses: 'pods admitted since dual lose the role: they hold Pod Identity, and the association goes',
    gate: 'restart them right after the apply; new pods are on IRSA again',
  },
];
