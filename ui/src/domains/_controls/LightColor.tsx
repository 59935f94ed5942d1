/** The colour of a light: a wheel of hues, how strong, and colours that people like. */

import { useState } from 'react';
import { Button, ColorThumb, ColorWheel, ColorWheelTrack, parseColor } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Slider } from '@/components/fields';
import { cssOf, rgbOf } from './color';
import styles from './LightColor.module.css';

/** Hue and saturation, and the text that names them. */
const PRESETS = [
  ['red', 0, 100],
  ['orange', 28, 90],
  ['yellow', 50, 85],
  ['green', 125, 85],
  ['turquoise', 175, 80],
  ['blue', 225, 90],
  ['violet', 275, 75],
  ['pink', 330, 65],
] as const;

interface Props {
  hue: number;
  saturation: number;
  disabled: boolean;
  onChange: (hue: number, saturation: number) => void;
}

export function LightColor({ hue, saturation, disabled, onChange }: Props) {
  const { t } = useTranslation('domains');
  const [turning, setTurning] = useState<number | null>(null);
  const shownHue = turning ?? hue;
  return (
    <div className={styles.box}>
      <div className={styles.wheel}>
        <ColorWheel
          aria-label={t('light.hue')}
          outerRadius={100}
          innerRadius={70}
          isDisabled={disabled}
          value={parseColor(`hsl(${shownHue % 360}, 100%, 50%)`)}
          onChange={(color) => setTurning(color.getChannelValue('hue'))}
          onChangeEnd={(color) => {
            setTurning(null);
            onChange(Math.round(color.getChannelValue('hue') * 10) / 10, saturation < 5 ? 100 : saturation);
          }}
        >
          <ColorWheelTrack />
          <ColorThumb className={styles.thumb!} />
        </ColorWheel>
        <span className={styles.centre} style={{ background: cssOf(rgbOf(shownHue, saturation)) }} />
      </div>
      <Slider
        className={styles.saturation}
        large
        label={t('light.saturation')}
        value={saturation}
        disabled={disabled}
        format={(value) => `${Math.round(value)} %`}
        track={`linear-gradient(to right, #fff, ${cssOf(rgbOf(shownHue, 100))})`}
        onChangeEnd={(value) => onChange(hue, value)}
      />
      <div className={styles.presets} role="group" aria-label={t('light.presets')}>
        {PRESETS.map(([name, presetHue, presetSaturation]) => (
          <Button
            key={name}
            className={styles.preset!}
            aria-label={t(`light.colours.${name}`)}
            isDisabled={disabled}
            style={{ background: cssOf(rgbOf(presetHue, presetSaturation)) }}
            onPress={() => onChange(presetHue, presetSaturation)}
          />
        ))}
      </div>
    </div>
  );
}
