/** What can be done with the selected, of a `SelectionBar`: a button each, and what it asks first. */

import { useState } from 'react';
import { mdiDelete, mdiFolderOutline, mdiPower, mdiPowerOff } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import type { CategoryScope } from '@/data/categories';
import { inTurns } from '@/data/inTurns';
import { Button } from '../Button';
import { CategoryDialog } from '../CategoryDialog';
import { ConfirmDialog } from '../Dialog';
import type { Work } from './useWork';

export function TurnActions({ ready, onTurn }: { ready: boolean; onTurn: (on: boolean) => void }) {
  const { t } = useTranslation('components');
  return (
    <>
      <Button small icon={mdiPower} isDisabled={!ready} onPress={() => onTurn(true)}>
        {t('selection.on')}
      </Button>
      <Button small icon={mdiPowerOff} isDisabled={!ready} onPress={() => onTurn(false)}>
        {t('selection.off')}
      </Button>
    </>
  );
}

interface CategoryProps {
  scope: CategoryScope;
  /** Which entity is in which category. */
  items: readonly { entityId: string; category: string | undefined }[];
  ready: boolean;
  onDone: () => void;
}

export function CategoryAction({ scope, items, ready, onDone }: CategoryProps) {
  const { t } = useTranslation('components');
  const [asking, setAsking] = useState(false);
  const categories = new Set(items.map(({ category }) => category ?? null));
  return (
    <>
      <Button small icon={mdiFolderOutline} isDisabled={!ready || items.length === 0} onPress={() => setAsking(true)}>
        {t('selection.category')}
      </Button>
      {asking && <CategoryDialog scope={scope} entityIds={items.map(({ entityId }) => entityId)} current={categories.size === 1 ? [...categories][0] : undefined} onClose={() => setAsking(false)} onDone={onDone} />}
    </>
  );
}

interface DeleteProps<Row> {
  rows: readonly Row[];
  work: Work<Row>;
  /** Whether it can be deleted here; what stands in the configuration files cannot. */
  isOurs: (row: Row) => boolean;
  remove: (row: Row) => Promise<unknown>;
  /** What is lost with them. */
  text: string;
}

export function DeleteAction<Row>({ rows, work, isOurs, remove, text }: DeleteProps<Row>) {
  const { t } = useTranslation('components');
  const [asking, setAsking] = useState(false);
  const ours = rows.filter(isOurs);
  const staying = rows.length - ours.length;
  return (
    <>
      <Button small icon={mdiDelete} isDisabled={!work.ready || ours.length === 0} onPress={() => setAsking(true)}>
        {t('selection.delete')}
      </Button>
      <ConfirmDialog
        open={asking}
        danger
        title={t('selection.deleteTitle', { count: ours.length })}
        text={staying ? `${text} ${t('selection.staying', { count: staying })}` : text}
        confirm={t('selection.delete')}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          void work.begin(ours, (tell) => inTurns(ours, remove, tell, 1), 'deleted');
        }}
      />
    </>
  );
}
