/** What can be done with one automation or script of a list. */

import { useState } from 'react';
import { mdiContentDuplicate, mdiDelete, mdiFolderOutline, mdiInformationOutline, mdiPencil, mdiTransitConnectionVariant } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { CategoryDialog, ConfirmDialog, Menu, type MenuEntry, openMoreInfo } from '@/components';
import { useSession } from '@/data/hooks';
import { useAct } from '@/data/useAct';
import { keepStart } from '../editor/start';
import type { Config, Domain } from '../model/types';
import { configUrl, editorOf, type ItemRow } from './rows';

/** `first`: entries that only these have. */
export function ItemMenu({ domain, row, first = [] }: { domain: Domain; row: ItemRow; first?: readonly MenuEntry[] }) {
  const { t } = useTranslation('automations');
  const { t: own } = useTranslation(`${domain}s`);
  const session = useSession();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState<'category' | 'delete' | null>(null);
  const [, act] = useAct();
  const close = () => setAsking(null);
  const itemId = row.itemId ?? '';
  const url = configUrl(domain, itemId);
  const disabled = row.itemId === null;
  const duplicate = () =>
    act(async () => {
      const { id: _id, ...config } = await session.rest<Config>(url);
      navigate(`${editorOf(domain, 'new')}?from=${keepStart({ ...config, alias: t('copyName', { name: row.name }) })}`);
    });
  return (
    <>
      <Menu
        label={t('menu.of', { name: row.name })}
        entries={[
          ...first,
          { id: 'edit', label: t('menu.edit'), icon: mdiPencil, disabled, run: () => navigate(editorOf(domain, itemId)) },
          { id: 'traces', label: t('traces.open'), icon: mdiTransitConnectionVariant, disabled, run: () => navigate(`/${domain}s/trace/${encodeURIComponent(itemId)}`) },
          { id: 'info', label: t('menu.info'), icon: mdiInformationOutline, run: () => openMoreInfo(row.entityId) },
          { id: 'category', label: t('many.setCategory'), icon: mdiFolderOutline, disabled, run: () => setAsking('category') },
          { id: 'duplicate', label: t('menu.duplicate'), icon: mdiContentDuplicate, disabled, run: () => void duplicate() },
          { id: 'delete', label: t('menu.delete'), icon: mdiDelete, danger: true, disabled, section: ' ', run: () => setAsking('delete') },
        ]}
      />
      {asking === 'category' && <CategoryDialog scope={domain} entityIds={[row.entityId]} name={row.name} current={row.category ?? null} onClose={close} />}
      <ConfirmDialog
        open={asking === 'delete'}
        title={t('delete.title', { name: row.name })}
        text={own('delete.text')}
        confirm={t('menu.delete')}
        danger
        onClose={close}
        onConfirm={() => {
          close();
          void act(() => session.rest(url, { method: 'DELETE' }), t('deleted', { name: row.name }));
        }}
      />
    </>
  );
}
