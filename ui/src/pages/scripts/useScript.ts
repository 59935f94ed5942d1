import { useRows } from '../automations/list/rows';

/** The entity of the script of this name in the files; a renamed one has another id. */
export function useScript(name: string): string | undefined {
  return useRows('script').rows.find((row) => row.itemId === name)?.entityId;
}
