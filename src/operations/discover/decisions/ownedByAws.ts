import type { AddonFacts } from '../../../estate/aws/AwsPort';
import { named } from '../../checks/named';
import { type Draft, draftOf } from '../draftOf';
import type { Refusal } from '../foundStage';
import { knownWorkload } from '../knownWorkload';
import { letsSubjectIn } from '../letsSubjectIn';
import { type AddonMember, addonSnippet } from '../snippets';
import type { Decision, Scene } from '../Scene';
import { leftOut, nameOf, roleOf, type Subject } from '../Subject';
import { valueOfRole } from '../valueOfRole';

/** An add-on hands out the roles of its own service accounts: by `serviceAccountRoleArn`, or by associations that it owns. */
export const ownedByAws: Decision = (subject, scene) => {
  const owner = subject.association?.ownerArn;
  const addon = addonOf(subject, scene);
  if (addon === undefined)
    return owner === undefined
      ? undefined
      : leftOut(
          subject,
          'owned',
          `the association of ${nameOf(subject)} belongs to ${owner}`,
          'Leave it to its owner, which would change it back.',
        );
  const all = scene.subjects.filter((one) => one === subject || isOwn(one, addon, scene));
  const leave = (why: string, hint: string | readonly string[], snippet?: string) =>
    leftOut(
      subject,
      'addon',
      `the add-on ${addon.name} hands out ${all.length > 1 ? 'the roles' : 'the role'} of ${named(all.map(nameOf), 8)}${why}`,
      hint,
      snippet,
    );
  const members: AddonMember[] = [];
  for (const one of all) {
    const known = knownWorkload(one, scene);
    const found = known === undefined ? ownDraft(one, all, scene) : undefined;
    if (found !== undefined && 'reason' in found)
      return leave(
        `, and ${all.length > 1 ? `that of ${nameOf(one)}` : 'it'} cannot be taken over as it is: ${found.message}`,
        [
          found.hint,
          ...(all.length > 1
            ? ['The add-on’s entry takes all of them or none: those that it does not name lose theirs.']
            : []),
        ],
      );
    if (known !== undefined) members.push({ subject: one, known: known.key });
    else if (found !== undefined) members.push({ subject: one, draft: found });
  }
  const snippet = addonSnippet(scene, members, addon);
  if ('problem' in snippet)
    return leave(`, and its entries cannot be written: ${snippet.problem}`, 'Fix that, then run discover again.');
  return leave(
    '',
    [
      'Let podlift take the add-on over together with all its roles: write the entries below into the inventory, all at once.',
      ...snippet.notes,
    ],
    snippet.text,
  );
};

/** The add-on from which a service account has its role: by the association that it owns, else by the role that it annotates. */
function addonOf({ annotation, association }: Subject, { addons }: Scene): AddonFacts | undefined {
  const owner = association?.ownerArn;
  const name = /:addon\/[^/]+\/([^/]+)/.exec(owner ?? '')?.[1];
  return addons.find((one) =>
    owner === undefined ? annotation !== undefined && one.serviceAccountRoleArn === annotation : one.name === name,
  );
}

/** An association that the add-on owns is its own in any case; an annotation only where the role lets the service account in. */
function isOwn(subject: Subject, addon: AddonFacts, scene: Scene): boolean {
  if (addonOf(subject, scene) !== addon) return false;
  if (subject.association?.ownerArn !== undefined) return true;
  const role = valueOfRole(subject, scene);
  return role !== undefined && letsSubjectIn(role, subject, scene).webIdentity;
}

/** What can be taken over of one of an add-on's service accounts, each with a role of its own. */
function ownDraft(subject: Subject, all: readonly Subject[], scene: Scene): Draft | Refusal {
  const other = all.find((one) => one !== subject && roleOf(one) === roleOf(subject));
  if (other !== undefined)
    return {
      reason: 'shared-role',
      message: `${nameOf(other)} has the same role, and a workload has one of its own`,
      hint: `Give each of them a role of its own. Where one is not the add-on’s, that is the one to get another; then run discover again.`,
    };
  if (subject.association !== undefined && subject.association.ownerArn === undefined)
    return {
      reason: 'addon',
      message: 'its association was made beside the add-on, which would make its own',
      hint: 'Let the add-on own the association (aws eks update-addon --pod-identity-associations), or take the role out of the add-on. Then run discover again.',
    };
  return draftOf(subject, scene);
}
