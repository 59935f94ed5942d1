import { useState } from 'react';
import { mdiPlay, mdiStop } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { RelativeTime } from '@/components/RelativeTime';
import { SelectorField } from '@/components/SelectorField';
import { useCall, useServices, useUser } from '@/data/hooks';
import type { Entity } from '@/data/types';
import { textOf, useControl } from './_controls/control';
import { Facts, Row, Stack, Tile } from './_controls/parts';

export default function ScriptControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, gone } = useControl(entity);
  const call = useCall();
  const user = useUser();
  const name = entity.entity_id.slice('script.'.length);
  const fields = Object.entries(useServices().script?.[name]?.fields ?? {});
  const [values, setValues] = useState<Record<string, unknown>>({});
  const running = entity.state === 'on';
  const missing = fields.some(([key, field]) => field.required && (values[key] ?? field.default) === undefined);
  // Through `script.turn_on` it goes on without the caller: long ones must not hold the button.
  const run = () => (fields.length ? call('script', 'turn_on', { variables: values }, { entity_id: entity.entity_id }) : act('turn_on'));
  return (
    <Stack>
      {fields.map(([key, field]) => (
        <SelectorField key={key} label={field.name ?? key} hint={field.description} selector={field.selector ?? { text: {} }} required={field.required ?? false} value={values[key] ?? field.default}
          onChange={(value) => setValues({ ...values, [key]: value })} />
      ))}
      <Row>
        <Tile kind="strong" icon={mdiPlay} label={t('run')} disabled={gone || missing} onPress={() => void run()} />
        {running && <Tile icon={mdiStop} label={t('stop')} disabled={gone} onPress={() => void act('turn_off')} />}
      </Row>
      <Facts
        facts={[
          [t('lastRun'), <RelativeTime key="at" at={textOf(entity, 'last_triggered')} />],
          [t('runsNow'), running ? String(entity.attributes.current ?? 1) : null],
          [t('trace'), user.is_admin ? <Link key="trace" href={`/scripts/trace/${encodeURIComponent(name)}`}>{t('traceLink')}</Link> : null],
        ]}
      />
    </Stack>
  );
}
