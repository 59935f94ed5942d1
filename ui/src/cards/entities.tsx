/** A list of entities with what switches them, under a title. */

import { Fragment } from 'react';
import { mdiBookmarkOutline } from '@mdi/js';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { EntityIcon, EntityToggle, StateText, TOGGLES } from '@/components/entity';
import { NamedIcon } from '@/components/Icon';
import { useEntity } from '@/data/hooks';
import { domainOf, nameOf } from '@/data/words';
import { type Action, asAction, canToggle, useAction, useToggle } from '@/lovelace/actions';
import { CardHost, type CardModule } from '@/lovelace/host';
import { type CardConfig, type EntityRow, idOf, rowsOf, text } from '@/lovelace/types';
import { useTranslation } from 'react-i18next';
import styles from './entities.module.css';

export const form: CardModule['form'] = [
  { name: 'title', selector: { text: {} } },
  { name: 'entities', selector: { entity: { multiple: true } }, required: true },
];
export const stub: CardModule['stub'] = ({ entities }) => ({ entities: entities.ids().slice(0, 3) });

export function EntityLine({ entityId, name, icon, action }: { entityId: string; name?: string | undefined; icon?: string | undefined; action?: Action | undefined }) {
  const { t } = useTranslation('cards');
  const entity = useEntity(entityId);
  const act = useAction();
  const toggle = useToggle();
  const domain = domainOf(entityId);
  const shown = name ?? nameOf(entity, entityId);
  return (
    <li className={styles.row}>
      <button type="button" className={styles.open} onClick={() => act(action ?? { action: 'more-info' }, entityId)}>
        {icon ? <span className={styles.icon}><NamedIcon name={icon} fallback={mdiBookmarkOutline} /></span> : <EntityIcon entityId={entityId} />}
        <span className={styles.name}>{shown}</span>
        {!TOGGLES.has(domain) && <span className={styles.state}>{entity ? <StateText entityId={entityId} /> : t('gone')}</span>}
      </button>
      {entity && TOGGLES.has(domain) && <EntityToggle entityId={entityId} label={shown} />}
      {entity && !TOGGLES.has(domain) && canToggle(entityId) && ['scene', 'button', 'input_button'].includes(domain) && (
        <Button small onPress={() => void toggle(entityId)}>
          {t('do')}
        </Button>
      )}
    </li>
  );
}

function Special({ row }: { row: Exclude<EntityRow, string> }) {
  const type = 'type' in row ? row.type : '';
  if (type === 'divider') return <li><hr className={styles.divider} /></li>;
  if (type === 'section') return <li className={styles.section}>{text((row as { label?: unknown }).label)}</li>;
  if (type === 'weblink') {
    const { url, name } = row as { url?: string; name?: string };
    return <li className={styles.row}>{url && /^(https?:|\/)/.test(url) && <a href={url}>{name ?? url}</a>}</li>;
  }
  return <li><CardHost config={row as CardConfig} /></li>;
}

export default function EntitiesCard({ config }: { config: CardConfig }) {
  return (
    <Card {...(text(config.title) ? { title: text(config.title) } : {})}>
      <ul>
        {rowsOf(config).map((row, index) => {
          const id = idOf(row);
          const more = typeof row === 'string' ? {} : (row as Record<string, unknown>);
          return (
            <Fragment key={`${index} ${id}`}>
              {id ? <EntityLine entityId={id} name={text(more.name)} icon={text(more.icon)} action={asAction(more.tap_action)} /> : <Special row={row as Exclude<EntityRow, string>} />}
            </Fragment>
          );
        })}
      </ul>
    </Card>
  );
}
