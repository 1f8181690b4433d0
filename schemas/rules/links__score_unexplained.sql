-- does not say how the score of the script that decided comes about
-- hint: The note gives each part of the score: "place=80@6.9km days=100@0d …". Run the script again.
--
-- Of scripts that compare events; a script of another kind explains itself elsewhere.
SELECT link_id AS record_id, 'note' AS field, note AS value
FROM links
WHERE decided_by = 'script-incidents'
    AND NOT coalesce(regexp_full_match(
        note,
        'place=[0-9]+(@[0-9.]+km)? days=[0-9]+@[0-9]+d actors=[0-9]+ types=[0-9]+ size=([0-9]+|-) '
        || 'content=([0-9]+|-) rare=([0-9]+|-) lead=([0-9]+|-)'
    ), FALSE)
ORDER BY ALL
