import fc from 'fast-check';
import { decide } from '../../../src/iam/decide';
import { explain } from '../../../src/iam/explain';
import type { PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';
import type { Request } from '../../../src/iam/Request';
import { sameMeaning } from '../../../src/iam/sameMeaning';
import { validateDocument } from '../../../src/iam/validateDocument';
import { cases } from '../../iam/oracle/cases';
import { corpus, mutated } from '../mutations';
import { inTime, mustHold, type Target } from '../Target';
import { POLICY_WORDS } from '../words';

/** A well-formed document is evaluated to a decision with a reason; a malformed one gives messages. Neither throws. */
export const evaluator: Target = {
  name: 'evaluator',
  property: () =>
    fc.asyncProperty(cases, mutated(corpus('policy'), POLICY_WORDS), (one, text) =>
      inTime(() => {
        decides(one.request, one.policies.resource?.document);
        const value = parsed(text);
        const problems = validateDocument(value, 'trust');
        mustHold(
          problems.every(({ message, detail }) => message !== '' && detail !== ''),
          'a problem says nothing',
        );
        validateDocument(value, 'identity');
        if (problems.length > 0) return;
        const document = value as PolicyDocument;
        decides(one.request, document);
        mustHold(sameMeaning(document, document), 'a document has another meaning than itself');
      }),
    ),
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

type Answer = 'allowed' | 'denied' | 'depends';

function answerOf(request: Request, statements: readonly Statement[]): Answer {
  const document = { Version: '2012-10-17' as const, Statement: statements };
  const decision = decide(request, { resource: { name: 'trust', document } });
  mustHold(explain(decision) !== '', 'a decision has no reason');
  return decision.allowed ? 'allowed' : decision.dependsOn === undefined ? 'denied' : 'depends';
}

const DENY_ALL: Statement = { Effect: 'Deny', Principal: '*', Action: '*' };

/** The order of statements does not count, a repeated one changes nothing, less Deny allows no less, and a Deny of everything denies. */
function decides(request: Request, document: PolicyDocument | undefined): void {
  if (document === undefined) return;
  const statements = [document.Statement].flat();
  for (const asked of [request, { ...request, completeKeys: [] }]) {
    const answer = answerOf(asked, statements);
    mustHold(answerOf(asked, statements.toReversed()) === answer, 'the order of the statements decides');
    mustHold(answerOf(asked, [...statements, ...statements]) === answer, 'a repeated statement decides');
    const allows = statements.filter(({ Effect }) => Effect === 'Allow');
    if (answer === 'allowed') mustHold(answerOf(asked, allows) === 'allowed', 'less Deny allows less');
    const all = answerOf(asked, [...statements, { ...DENY_ALL, ...resourceOf(statements) }]);
    mustHold(all === 'denied', 'a Deny of everything does not deny');
  }
}

/** A policy of a resource has a resource in each statement, a trust policy in none. */
function resourceOf(statements: readonly Statement[]): Partial<Statement> {
  return statements.some((one) => one.Resource !== undefined || one.NotResource !== undefined) ? { Resource: '*' } : {};
}
