import type { SurveyedRole } from './ClusterSurvey';
import type { Scene } from './Scene';
import { roleOf, type Subject } from './Subject';

/** The role of a subject, where it was answered and is there. */
export function valueOfRole(subject: Subject, { roles }: Pick<Scene, 'roles'>): SurveyedRole | undefined {
  const role = roles[roleOf(subject) ?? ''];
  return role?.ok === true ? role.value : undefined;
}
