import { useState } from 'react';
import { mdiPlay } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { RelativeTime } from '@/components/RelativeTime';
import { Switch } from '@/components/fields';
import { useUser } from '@/data/hooks';
import type { Entity } from '@/data/types';
import { textOf, useControl } from './_controls/control';
import { Facts, Row, Stack, Tile } from './_controls/parts';

export default function AutomationControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const user = useUser();
  const { act, shown, gone } = useControl(entity);
  const [conditions, setConditions] = useState(false);
  const id = textOf(entity, 'id');
  const running = Number(entity.attributes.current ?? 0);
  return (
    <Stack>
      <Switch label={t('automation.active')} hint={t('automation.activeHint')} value={shown('on', entity.state === 'on')} disabled={gone} onChange={(on) => void act(on ? 'turn_on' : 'turn_off', {}, { on })} />
      <Row>
        <Tile kind="strong" icon={mdiPlay} label={t('automation.trigger')} disabled={gone} onPress={() => void act('trigger', { skip_condition: !conditions })} />
      </Row>
      <Switch label={t('automation.conditions')} hint={t('automation.conditionsHint')} value={conditions} disabled={gone} onChange={setConditions} />
      <Facts
        facts={[
          [t('lastRun'), <RelativeTime key="at" at={textOf(entity, 'last_triggered')} />],
          [t('runsNow'), running > 0 ? String(running) : null],
          [t('trace'), user.is_admin && id ? <Link key="trace" href={`/automations/trace/${encodeURIComponent(id)}`}>{t('traceLink')}</Link> : null],
        ]}
      />
    </Stack>
  );
}
