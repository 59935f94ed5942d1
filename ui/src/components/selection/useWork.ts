import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { useConnected } from '@/data/hooks';
import type { Refusal } from '@/data/inTurns';

/** Something that is done to each of the selected. */
export interface Work<Row> {
  /** How many are through; null: nothing goes on. */
  progress: { done: number; count: number } | null;
  refused: readonly Refusal<Row>[];
  /** The refused have been read. */
  forget: () => void;
  /** Whether something can be begun. */
  ready: boolean;
  /** `run` tells how many are through and gives the refusals, as `inTurns` does; what is said at the end is a key below `selection` in the texts. */
  begin: (rows: readonly Row[], run: (tell: (done: number) => void) => Promise<Refusal<Row>[]>, said?: 'done' | 'deleted') => Promise<void>;
}

/** @param onEnd called when all are through. */
export function useWork<Row>(onEnd: () => void): Work<Row> {
  const { t } = useTranslation('components');
  const connected = useConnected();
  const [progress, setProgress] = useState<Work<Row>['progress']>(null);
  const [refused, setRefused] = useState<readonly Refusal<Row>[]>([]);
  return {
    progress,
    refused,
    forget: () => setRefused([]),
    ready: connected && progress === null,
    begin: async (rows, run, said = 'done') => {
      const count = rows.length;
      setProgress({ done: 0, count });
      const found = await run((done) => setProgress({ done, count }));
      setProgress(null);
      setRefused(found);
      if (found.length < count) toast.ok(t(`selection.${said}`, { count: count - found.length }));
      onEnd();
    },
  };
}
