import type { Statement } from '../../iam/PolicyDocument';
import type { PolicyDifference } from '../../iam/sameMeaning';
import { named } from '../checks/named';
import { whatWords } from './statementWords';

/** What a difference of permissions means, each statement for itself: others of the role may say the same. */
export function permissionsEffect({ missing, extra }: PolicyDifference): string {
  const part = (verb: string, statements: readonly Statement[], effect: Statement['Effect']) => {
    const these = statements.filter(({ Effect }) => Effect === effect);
    return these.length === 0 ? [] : [`${verb} ${named(these.map(whatWords), 3)}`];
  };
  return [
    ...part('may no longer', missing, 'Allow'),
    ...part('may also', extra, 'Allow'),
    ...part('is denied', extra, 'Deny'),
    ...part('is no longer denied', missing, 'Deny'),
  ].join('; ');
}
