/** Which card to add; then it is filled in. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, SearchField } from '@/components';
import { useSession } from '@/data';
import { cardTypes, loadCard } from '@/lovelace/host';
import type { CardConfig } from '@/lovelace/types';
import { CardDialog } from './CardDialog';
import styles from './Editor.module.css';

export function AddCardDialog({ onAdd, onClose }: { onAdd: (config: CardConfig) => void; onClose: () => void }) {
  const { t } = useTranslation(['home', 'cards']);
  const session = useSession();
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState<CardConfig | null>(null);
  if (chosen) return <CardDialog config={chosen} onClose={onClose} onSave={onAdd} />;
  const choose = async (type: string) => {
    const module = await loadCard(type);
    setChosen({ type, ...module?.stub?.(session) });
  };
  const shown = cardTypes
    .map((type) => ({ type, name: t(`cards:types.${type}.name`), text: t(`cards:types.${type}.text`) }))
    .filter((each) => `${each.name} ${each.text} ${each.type}`.toLowerCase().includes(filter.toLowerCase().trim()));
  return (
    <Dialog open onClose={onClose} size="large" title={t('home:editor.addCard')}>
      <div className={styles.form}>
        <SearchField label={t('home:editor.findCard')} value={filter} onChange={setFilter} autoFocus />
        <div className={styles.types}>
          {shown.map(({ type, name, text }) => (
            <button key={type} type="button" className={styles.type} onClick={() => void choose(type)}>
              <strong>{name}</strong>
              <small>{text}</small>
            </button>
          ))}
        </div>
      </div>
    </Dialog>
  );
}
