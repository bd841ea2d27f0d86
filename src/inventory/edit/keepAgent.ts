import { isMap } from 'yaml';
import { type Finding, mistake } from '../Finding';
import { type EditableFile, editFile } from './editFile';
import { scalarText } from './entryLines';
import { badForm, EDIT_RULES } from './obstacles';
import { insertPairs } from './pairSplices';
import { anchorWithin, walkDown } from './walkDown';
import { type ChangedLines, changedLines, endOf, isFlow, pairOf, startOf } from './yamlText';

/** The cluster whose agent stays. Keys of the inventory. */
export interface KeptAgent {
  readonly environment: string;
  readonly cluster: string;
}

/**
 * Writes `keep: true` into the agent of a cluster, in the text of the file that has the cluster. Everything else in the file stays, as with
 * `setStage`. It returns a finding when the file cannot be read, has no such agent, or writes it through an alias or an anchor with other uses. It
 * throws when the edit has another effect than requested, which is a defect of podlift.
 */
export function keepAgent(
  file: EditableFile,
  { environment, cluster }: KeptAgent,
): { edit: { readonly text: string; readonly changes: ChangedLines } } | { refusal: Finding } {
  const into = ['environments', environment, 'clusters', cluster, 'agent'];
  const names = ['the file', '`environments`', `environment "${environment}"`, `\`clusters\` of ${environment}`];
  const nameOf = (depth: number): string =>
    names[depth] ?? (depth === 4 ? `cluster "${cluster}"` : `the agent of cluster "${cluster}"`);
  const edited = editFile(file, {
    entries: [{ into, key: 'keep', value: true }],
    splices: (text, { tree }) => {
      const { depth, node, obstacle } = walkDown(tree, into, nameOf, 'keep of the agent');
      if (obstacle) return obstacle;
      if (!isMap(node) || depth < into.length)
        return mistake(
          EDIT_RULES.agent,
          `the file has no agent of cluster "${cluster}"`,
          'Find it in the other files of the inventory: `npx podlift validate` prints their names.',
        );
      const isJson = tree.root !== null && isFlow(tree.root);
      const written = pairOf(node, 'keep');
      if (written?.value) {
        const { value } = written;
        return (
          anchorWithin(tree, value, 'keep of the agent') ?? [
            { from: startOf(value), to: endOf(text, value), text: 'true' },
          ]
        );
      }
      const added = written ? undefined : insertPairs(text, node, [[`${scalarText('keep', isJson)}: true`]]);
      return added ?? badForm(node);
    },
    path: into,
    doing: `writing keep into the agent of cluster ${cluster} in ${file.file}`,
  });
  if ('refusal' in edited) return edited;
  const { mark, before, after } = edited;
  return { edit: { text: mark + after, changes: changedLines(before, after) } };
}
