import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where Terraform and OpenTofu look for `hashicorp/aws`: their default registries. */
export const TERRAFORM_HOST = 'registry.terraform.io';
export const OPENTOFU_HOST = 'registry.opentofu.org';

/**
 * Makes a mirror for OpenTofu from one of Terraform: the same packages as `registry.opentofu.org/…`, by links. OpenTofu follows a link only in the place of a package:
 * all folders above it are real.
 * Source: opentofu/opentofu internal/getproviders/filesystem_search.go
 *
 * @param mirror a folder with `registry.terraform.io/<namespace>/<type>/<version>/<platform>` or with archives below the type
 * @param folder what is there is replaced
 */
export function linkForOpenTofu(mirror: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const type of below(join(mirror, TERRAFORM_HOST), 2))
    for (const one of list(join(mirror, TERRAFORM_HOST, type))) {
      // An archive, or the folder of a version with one package for each platform.
      const packages = one.endsWith('.zip')
        ? [one]
        : list(join(mirror, TERRAFORM_HOST, type, one)).map((name) => join(one, name));
      for (const name of packages)
        link(join(mirror, TERRAFORM_HOST, type, name), join(folder, OPENTOFU_HOST, type, name));
    }
}

/** Windows lets only administrators make links. */
function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  try {
    symlinkSync(target, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    cpSync(target, path, { recursive: true });
  }
}

/** The providers of a host in a mirror: `<host>/<namespace>/<type>`. */
export function providersIn(mirror: string, host: string): string[] {
  return below(join(mirror, host), 2).map((type) => `${host}/${type}`);
}

/** The paths at a depth below a folder. */
function below(folder: string, depth: number): string[] {
  if (depth === 0) return [''];
  return list(folder).flatMap((name) =>
    below(join(folder, name), depth - 1).map((path) => (path === '' ? name : `${name}/${path}`)),
  );
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
