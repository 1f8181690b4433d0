-- is fired at a place, and the strike names none
-- hint: Fill location_id with the place struck, as coarse as the source has it; whence it was fired is
-- launch_location_id.
-- covers: R-L05
SELECT strike_id AS record_id, 'strike_type' AS field, strike_type AS value
FROM strikes
WHERE location_id IS NULL AND (strike_type = 'missile_strike' OR munition = 'cruise_missile')
ORDER BY ALL
