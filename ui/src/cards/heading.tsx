/** The head of a section: a name, and small facts at its end. */

import { mdiChevronRight } from '@mdi/js';
import { EntityIcon, StateText } from '@/components/entity';
import { Icon, NamedIcon } from '@/components/Icon';
import { openMoreInfo } from '@/components/MoreInfo';
import { useEntity } from '@/data/hooks';
import { nameOf } from '@/data/words';
import { asAction, useAction } from '@/lovelace/actions';
import type { CardModule } from '@/lovelace/host';
import { type CardConfig, text } from '@/lovelace/types';
import styles from './heading.module.css';

export const form: CardModule['form'] = [
  { name: 'heading', selector: { text: {} }, required: true },
  { name: 'icon', selector: { icon: {} } },
];
export const stub: CardModule['stub'] = () => ({ heading: '' });

export function Badge({ entityId }: { entityId: string }) {
  const entity = useEntity(entityId);
  if (!entity) return null;
  return (
    <button type="button" className={styles.badge} onClick={() => openMoreInfo(entityId)} title={nameOf(entity)}>
      <span className="visually-hidden">{nameOf(entity)}: </span>
      <EntityIcon entityId={entityId} size={18} plain />
      <StateText entityId={entityId} />
    </button>
  );
}

export default function HeadingCard({ config }: { config: CardConfig }) {
  const act = useAction();
  const action = asAction(config.tap_action);
  const badges = Array.isArray(config.badges) ? (config.badges as unknown[]) : [];
  const inside = (
    <>
      {text(config.icon) && <NamedIcon name={text(config.icon)} fallback="" size={22} />}
      {text(config.heading)}
      {action && action.action !== 'none' && <Icon path={mdiChevronRight} size={20} />}
    </>
  );
  return (
    <div className={styles.line}>
      <h2 className={styles.heading}>
        {action && action.action !== 'none' ? (
          <button type="button" onClick={() => act(action)}>
            {inside}
          </button>
        ) : (
          inside
        )}
      </h2>
      {badges.map((badge, index) => {
        const id = typeof badge === 'string' ? badge : text((badge as { entity?: unknown } | null)?.entity);
        return id ? <Badge key={`${index} ${id}`} entityId={id} /> : null;
      })}
    </div>
  );
}
