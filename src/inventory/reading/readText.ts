import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { READING_RULES, MAX_FILE_BYTES } from './readingRules';
import type { RuleInfo } from '../RuleInfo';

/** A file's text, or why there is none. */
export type ReadText =
  { readonly text: string } | { readonly rule: RuleInfo; readonly message: string; readonly hint: string };

/**
 * Reads one file as UTF-8 text. Never throws: a missing file, a folder, a file of more than 5 MiB and one that is not text
 * come back as what a finding says. `shown` is how messages call the file.
 */
export function readText(path: string, shown: string): ReadText {
  let bytes: Buffer;
  try {
    // Asked before the file is opened: opening a pipe would wait for someone to write into it.
    const status = statSync(path);
    if (!status.isFile()) return notAFile(shown, status.isDirectory() ? 'a folder' : 'a device or a pipe');
    if (status.size > MAX_FILE_BYTES) return tooLarge(shown, status.size);
    bytes = readFileSync(path);
  } catch (error) {
    return unreadable(path, shown, (error as NodeJS.ErrnoException).code ?? 'unknown');
  }
  if (bytes.length > MAX_FILE_BYTES) return tooLarge(shown, bytes.length);
  return decode(bytes, shown);
}

function decode(bytes: Buffer, shown: string): ReadText {
  const hint = 'Save the file as UTF-8 text; an inventory is no archive and no picture.';
  const nul = bytes.indexOf(0);
  if (nul >= 0) return { rule: READING_RULES.notText, message: `${shown} is not text: byte ${nul + 1} is NUL`, hint };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { rule: READING_RULES.notText, message: `${shown} is not UTF-8 text`, hint };
  }
}

function tooLarge(shown: string, size: number): ReadText {
  const bytes = (count: number): string => count.toLocaleString('en');
  return {
    rule: READING_RULES.tooLarge,
    message: `${shown} has ${bytes(size)} bytes; ${bytes(MAX_FILE_BYTES)} are allowed`,
    hint: 'Split it into several files and name them under `include`.',
  };
}

function notAFile(shown: string, kind: string): ReadText {
  return {
    rule: READING_RULES.notAFile,
    message: `${shown} is ${kind}, not a file`,
    hint: 'Name the YAML file itself.',
  };
}

function unreadable(path: string, shown: string, code: string): ReadText {
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return {
      rule: READING_RULES.notFound,
      message: `there is no file ${resolve(path)}`,
      hint: 'Create it, go to the folder that has it, or name another with the environment variable PODLIFT_INVENTORY.',
    };
  }
  return {
    rule: READING_RULES.unreadable,
    message: `${shown} cannot be read: ${code}`,
    hint: 'Check its permissions and its links.',
  };
}
