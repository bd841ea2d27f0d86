import type { Judgement } from './DoctorFinding';
import type { Facts } from './Facts';
import type { Patient } from './Patient';

/** One check, from facts alone. No judgement: there is nothing to judge, or what it builds on is missing and said by another check. */
export type Judge = (patient: Patient, facts: Facts) => readonly Judgement[];
