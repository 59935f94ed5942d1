/** What can be done with the selected entities. */

import { useState } from 'react';
import { mdiDelete, mdiEye, mdiEyeOff } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '@/components/Dialog';
import { RegistryActions, SelectionBar, TurnActions, useWork } from '@/components/selection';
import { useSession, useUser } from '@/data/hooks';
import { useMayControl } from '@/data/rights';
import { type BulkAction, run } from './bulk';
import type { EntityRow } from './rows';

export function BulkBar({ rows, onClear }: { rows: readonly EntityRow[]; onClear: () => void }) {
  const { t } = useTranslation('entities');
  const session = useSession();
  const user = useUser();
  const mayControl = useMayControl();
  const work = useWork<EntityRow>(onClear);
  const [deleting, setDeleting] = useState(false);
  const count = rows.length;
  const go = (action: BulkAction) => void work.begin(rows, (tell) => run(session, rows, action, tell), action.kind === 'delete' ? 'deleted' : 'done');
  return (
    <SelectionBar count={count} work={work} onClear={onClear}>
      <TurnActions ready={work.ready && mayControl} onTurn={(on) => go({ kind: 'turn', on })} />
      {user.is_admin && (
        <RegistryActions
          count={count}
          ready={work.ready}
          disableText={t('bulk.disableText')}
          onChange={go}
          more={[
            { id: 'show', label: t('bulk.show'), icon: mdiEye, section: '', run: () => go({ kind: 'hide', hidden: false }) },
            { id: 'hide', label: t('bulk.hide'), icon: mdiEyeOff, section: '', run: () => go({ kind: 'hide', hidden: true }) },
            { id: 'delete', label: t('components:selection.delete'), icon: mdiDelete, section: ' ', danger: true, run: () => setDeleting(true) },
          ]}
        />
      )}
      <ConfirmDialog
        open={deleting}
        danger
        title={t('components:selection.deleteTitle', { count })}
        text={t('bulk.deleteText')}
        confirm={t('components:selection.delete')}
        onClose={() => setDeleting(false)}
        onConfirm={() => {
          setDeleting(false);
          go({ kind: 'delete' });
        }}
      />
    </SelectionBar>
  );
}
