/** Components in files of their own. */

import { type ComponentType, lazy, useState } from 'react';

export type Late<Props extends object = object> = ComponentType<Props> & {
  /** Ask for the file before the component is drawn. */
  load: () => Promise<unknown>;
  /** Whether the file is there. */
  isThere: () => boolean;
};

/**
 * A component whose file is loaded when it is drawn first.
 *
 * Unlike with `lazy` alone, one whose file is there already is drawn at once: a place that has waited, if only for a moment,
 * React shows again after 300 ms at the earliest.
 */
export function late<Props extends object>(file: () => Promise<{ default: ComponentType<Props> }>): Late<Props> {
  let there: ComponentType<Props> | null = null;
  const load = async () => {
    const module = await file();
    there = module.default;
    return module;
  };
  const Awaited = lazy(load);
  function Shown(props: Props) {
    const [Chosen] = useState<ComponentType<Props>>(() => there ?? Awaited); // kept: another one would begin anew
    return <Chosen {...props} />;
  }
  return Object.assign(Shown, { load, isThere: () => there !== null });
}
