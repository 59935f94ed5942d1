import { useTranslation } from 'react-i18next';
import { mdiPuzzleOutline } from '@mdi/js';
import { Banner, Card, Chip } from '@/components';
import { prettify, useSession, useStore } from '@/data';
import { Row, Rows } from '../../parts/Rows';
import type { Part } from './health';

const GOOD = new Set(['running', 'connected', 'ok', 'online']);
const BAD = new Set(['failed', 'error']);

/** The bridges to the world outside, and whether each is well. */
export function Parts({ parts, broken }: { parts: Readonly<Record<string, Part>>; broken: readonly string[] }) {
  const { t } = useTranslation('settings');
  const texts = useStore(useSession().texts);
  return (
    <Card title={t('health.parts')}>
      {broken.length > 0 && (
        <Banner kind="error" title={t('restart.skipped')}>
          {broken.join(', ')}
        </Banner>
      )}
      {Object.keys(parts).length === 0 ? (
        <p>{t('health.noParts')}</p>
      ) : (
        <Rows label={t('health.parts')}>
          {Object.entries(parts).map(([name, part]) => {
            const status = part.status ?? 'unknown';
            const facts = [
              part.entities ? t('health.partEntities', { count: part.entities }) : '',
              part.devices ? t('health.partDevices', { count: part.devices }) : '',
              part.unreachable ? t('health.partUnreachable', { count: part.unreachable }) : '',
              part.restarts ? t('health.partRestarts', { count: part.restarts }) : '',
              part.last_error ?? '',
            ];
            return (
              <Row
                key={name}
                icon={mdiPuzzleOutline}
                title={texts[`component.${name}.title`] ?? prettify(name)}
                text={facts.filter(Boolean).join(' · ')}
                chips={<Chip tone={GOOD.has(status) ? 'ok' : BAD.has(status) ? 'danger' : 'warn'}>{t([`health.status.${status}`, 'health.status.other'], { status: prettify(status) })}</Chip>}
              />
            );
          })}
        </Rows>
      )}
    </Card>
  );
}
