import { useTranslation } from 'react-i18next';
import { useState } from 'react';
import { Button } from '@/components/Button';
import { EntityIcon, EntityName, EntityToggle, StateText, TOGGLES } from '@/components/entity';
import { openMoreInfo } from '@/components/MoreInfo';
import { domainOf } from '@/data/words';
import styles from './Members.module.css';

const FEW = 12;

/** Entities below each other, with their switches; a press opens one. */
export function Members({ entityIds, label, switches = true }: { entityIds: readonly string[]; label: string; switches?: boolean }) {
  const { t } = useTranslation('domains');
  const [all, setAll] = useState(false);
  const shown = all ? entityIds : entityIds.slice(0, FEW);
  return (
    <div>
      <ul className={styles.list} aria-label={label}>
        {shown.map((id) => (
          <li key={id} className={styles.row}>
            <EntityIcon entityId={id} size={20} />
            <button type="button" className={styles.name} onClick={() => openMoreInfo(id)}>
              <EntityName entityId={id} />
            </button>
            {switches && TOGGLES.has(domainOf(id)) ? (
              <EntityToggle entityId={id} />
            ) : (
              <span className={styles.state}>
                <StateText entityId={id} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {entityIds.length > shown.length && (
        <Button kind="ghost" onPress={() => setAll(true)}>
          {t('showAll', { count: entityIds.length })}
        </Button>
      )}
    </div>
  );
}
