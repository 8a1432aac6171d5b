import { compare } from '../../engine/compare.ts';
import type { ScannedSubject } from '../scanned-subject.ts';
import { type OwnerName, openScannedOwner, type ScannedOwner } from './scanned-owner.ts';

/** The top-level owners of a namespace. */
export interface ScannedOwners {
  /** Opens it if it is new. */
  get(name: OwnerName): ScannedOwner;
  /** Ordered by kind and name. */
  subjects(): ScannedSubject[];
}

export function openScannedOwners(namespace: string): ScannedOwners {
  const owners = new Map<string, ScannedOwner>();
  return {
    get(name) {
      const key = name.uid || `${name.kind}/${name.name}`;
      const owner = owners.get(key) ?? openScannedOwner(name, namespace);
      owners.set(key, owner);
      return owner;
    },
    subjects: () =>
      [...owners.values()]
        .map((owner) => owner.subject())
        .toSorted(({ object: a }, { object: b }) => compare(a.kind, b.kind) || compare(a.name, b.name)),
  };
}
