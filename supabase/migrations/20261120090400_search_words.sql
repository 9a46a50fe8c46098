-- What the search knows about words: those that only ask, and a kitchen's other words for one thing in
-- English and Spanish. General kitchen language; nothing here is taken from a restaurant's handbook.

create table private.question_fillers (
  language text not null check (language in ('en', 'es')),
  -- Lower case, without accents: a lexeme of private.simple.
  word text not null,
  primary key (language, word)
);
alter table private.question_fillers enable row level security;

insert into private.question_fillers (language, word)
select distinct 'en', w.lexeme
from unnest(to_tsvector('private.simple',
  -- what an apostrophe leaves behind
  'm re ve ll d doesn didn isn aren wasn weren won wouldn couldn shouldn hasn haven hadn ain '
  -- politeness and hesitation
  'hey hi hello please thanks ok okay um uh er well so yeah no yes sorry '
  -- asking, being allowed, having to
  'can could would should may might must shall need needs needed want wants wanted gotta gonna wanna '
  'suppose supposed allow allowed let lets tell told say says said know knows ask mean means happen happens '
  'get gets got getting go goes going do does done doing make sure '
  'what whats which who whose when where why how much many long often far soon ever '
  -- everything and nothing
  'thing things stuff something anything everything nothing someone somebody anyone anybody everyone '
  'one ones way kind sort lot bit us also still really actually exactly right just like '
  -- every section is one of these
  'rule rules policy policies procedure handbook manual restaurant')) w;

insert into private.question_fillers (language, word)
select distinct 'es', w.lexeme
from unnest(to_tsvector('private.simple',
  -- stop words of Spanish that lose their place in the stemmer's list with their accent
  'mas tambien si estan estara estaran seria serian sera seran habia habian habra tenia tenian tendra tendre '
  -- politeness and hesitation
  'hola oye oiga favor gracias bueno vale ok eh este pues si no perdon '
  -- asking, being allowed, having to
  'cuanto cuanta cuantos cuantas cual cuales que quien quienes cuando donde adonde como porque '
  'puedo puede pueden podemos puedes poder podria podrian podriamos '
  'debo debe deben debemos debes deber deberia deberian hay haber toca tocan tocaria '
  'hago hace hacen hacer hacemos haces haga hagan hecho necesito necesita necesitan necesitamos necesitas '
  'quiero quiere quieren queremos dime diga digame digan dice dicen decir digo se sabe sabes saber sabemos '
  'pasa pasan pasar ocurre significa voy va vas vamos van ir doy da dan dar volver vuelvo vuelve tan '
  -- everything and nothing
  'cosa cosas alguien algo nadie nada cada vez veces tiempo mismo misma asi aqui ahi alla luego entonces '
  'ahora siempre nunca aun todavia exactamente '
  -- every section is one of these
  'regla reglas politica politicas procedimiento manual restaurante')) w;

create table private.glossary (
  concept text not null,
  language text not null check (language in ('en', 'es')),
  -- A stem of the language's configuration.
  lexeme text not null,
  primary key (language, lexeme, concept)
);
create index glossary_concept on private.glossary (concept);
alter table private.glossary enable row level security;

insert into private.glossary (concept, language, lexeme)
select distinct entry.concept, said.language, said.lexeme
from (values
  -- food
  ('poultry', 'chicken poultry turkey', 'pollo ave aves pavo'),
  ('beef', 'beef steak', 'res filete bistec carne'),
  ('ground meat', 'ground burger hamburger patty', 'molida hamburguesa'),
  ('pork', 'pork', 'cerdo puerco'),
  ('meat', 'meat', 'carne'),
  ('fish', 'fish', 'pescado'),
  ('shellfish', 'shellfish oyster clam mussel', 'marisco mariscos ostra ostion almeja mejillon'),
  ('shrimp', 'shrimp prawn', 'camaron gamba'),
  ('egg', 'egg', 'huevo'),
  ('milk', 'milk dairy', 'leche lacteo'),
  ('cheese', 'cheese', 'queso'),
  ('rice', 'rice', 'arroz'),
  ('bean', 'bean', 'frijol'),
  ('soup', 'soup', 'sopa caldo'),
  ('sauce', 'sauce gravy', 'salsa'),
  ('bread', 'bread', 'pan'),
  ('salad', 'salad', 'ensalada'),
  ('lettuce', 'lettuce greens', 'lechuga'),
  ('vegetable', 'vegetable produce veggie', 'verdura vegetal hortaliza'),
  ('fruit', 'fruit', 'fruta'),
  ('ice', 'ice', 'hielo'),
  ('water', 'water', 'agua'),
  ('oil', 'oil grease', 'aceite grasa'),
  ('nut', 'nut', 'nuez'),
  ('peanut', 'peanut', 'cacahuate mani'),
  ('gluten', 'gluten wheat celiac', 'gluten trigo celiaco'),
  ('soy', 'soy', 'soya soja'),
  ('sesame', 'sesame', 'ajonjoli sesamo'),
  ('allergy', 'allergy allergic allergies allergen', 'alergia alergico alergeno'),
  ('food', 'food', 'comida alimento'),
  ('dish', 'dish plate', 'plato'),
  ('leftover', 'leftover', 'sobra sobrante'),
  ('raw', 'raw', 'crudo'),
  -- heat and cold
  -- "How hot" and "how cold" ask for a temperature. F and C: how the text search reads 165 °F and 74 °C.
  ('temperature', 'temperature temp degree F C hot cold warm', 'temperatura grado F C caliente frio fria'),
  ('hot', 'hot', 'caliente calor'),
  ('cold', 'cold', 'frio fria'),
  ('cook', 'cook cooked', 'cocinar cocido cocer coccion'),
  ('reheat', 'reheat rewarm', 'recalentar'),
  ('cool', 'cool chill', 'enfriar enfriamiento'),
  ('freeze', 'freeze frozen freezer', 'congelar congelado congelador'),
  ('thaw', 'thaw defrost', 'descongelar'),
  ('fridge', 'refrigerator fridge cooler refrigerate', 'refrigerador nevera refrigerar refrigeracion'),
  ('thermometer', 'thermometer probe', 'termometro'),
  ('oven', 'oven', 'horno'),
  ('grill', 'grill', 'parrilla plancha'),
  ('fryer', 'fryer fry', 'freidora freir'),
  ('hold', 'hold holding', 'mantener mantenimiento conservar'),
  ('calibrate', 'calibrate calibration', 'calibrar calibracion'),
  -- time and stores
  ('date', 'date', 'fecha'),
  ('label', 'label labeled', 'etiqueta etiquetar'),
  ('expire', 'expire expired expiration', 'caducar caducidad vencer vencido vencimiento'),
  ('throw', 'throw toss discard trash', 'tirar desechar botar'),
  ('store', 'store storage', 'guardar almacenar almacenamiento almacen'),
  ('shelf', 'shelf shelves', 'estante repisa anaquel'),
  ('delivery', 'delivery deliveries truck shipment receive', 'entrega camion recibir pedido recepcion'),
  ('box', 'box case', 'caja'),
  ('container', 'container', 'recipiente contenedor envase'),
  ('garbage', 'garbage trash rubbish dumpster', 'basura contenedor'),
  -- clean
  ('wash', 'wash', 'lavar lavado'),
  ('hand', 'hand', 'mano'),
  ('glove', 'glove', 'guante'),
  ('soap', 'soap detergent', 'jabon detergente'),
  ('clean', 'clean cleaning', 'limpiar limpieza limpio'),
  ('sanitise', 'sanitize sanitizer sanitizing disinfect disinfectant', 'desinfectar desinfectante sanitizar sanitizante desinfeccion'),
  ('bleach', 'bleach chlorine', 'cloro lejia'),
  ('chemical', 'chemical', 'quimico'),
  ('rag', 'rag towel cloth', 'trapo toalla pano'),
  ('mop', 'mop', 'trapeador trapear fregona'),
  ('sink', 'sink', 'fregadero lavabo tarja'),
  ('dishwasher', 'dishwasher dishmachine warewasher', 'lavavajillas lavaplatos lavatrastes'),
  ('board', 'board', 'tabla'),
  ('knife', 'knife', 'cuchillo'),
  ('slicer', 'slicer', 'rebanadora cortadora'),
  ('floor', 'floor', 'piso suelo'),
  ('bathroom', 'bathroom restroom toilet', 'bano sanitario'),
  ('drain', 'drain', 'drenaje desague'),
  ('pest', 'pest roach cockroach mouse mice rat rodent bug fly', 'plaga cucaracha raton rata insecto mosca'),
  ('mix', 'contaminate contamination', 'contaminar contaminacion'),
  -- people
  ('sick', 'sick ill illness', 'enfermo enferma enfermedad enfermar'),
  ('vomit', 'vomit throwing vomiting', 'vomitar vomito'),
  ('diarrhea', 'diarrhea', 'diarrea'),
  ('fever', 'fever', 'fiebre calentura'),
  ('throat', 'throat', 'garganta'),
  ('cut', 'cut wound', 'cortar cortada herida cortadura'),
  ('burn', 'burn', 'quemar quemadura'),
  ('finger', 'finger', 'dedo'),
  ('hair', 'hair', 'pelo cabello'),
  ('beard', 'beard', 'barba'),
  ('nail', 'nail', 'una unas'),
  ('jewelry', 'jewelry ring bracelet', 'joya joyeria anillo pulsera'),
  ('shoe', 'shoe', 'zapato calzado'),
  ('uniform', 'uniform', 'uniforme'),
  ('apron', 'apron', 'delantal mandil'),
  ('hat', 'hat cap', 'gorra gorro'),
  ('shirt', 'shirt', 'camisa camiseta'),
  ('wear', 'wear', 'usar llevar vestir'),
  ('eat', 'eat', 'comer'),
  ('drink', 'drink beverage', 'beber tomar bebida'),
  ('smoke', 'smoke vape cigarette', 'fumar vapear cigarro'),
  ('phone', 'phone cell cellphone', 'telefono celular movil'),
  ('break', 'break', 'descanso pausa'),
  ('meal', 'meal lunch', 'comida almuerzo'),
  ('shift', 'shift', 'turno'),
  ('schedule', 'schedule', 'horario'),
  ('late', 'late', 'tarde'),
  ('swap', 'swap trade', 'cambiar intercambiar cambio'),
  ('manager', 'manager supervisor boss', 'gerente encargado supervisor jefe'),
  ('guest', 'guest customer', 'cliente invitado huesped comensal'),
  ('server', 'server waiter waitress', 'mesero camarero'),
  ('cashier', 'cash register till drawer', 'caja efectivo'),
  ('tip', 'tip', 'propina'),
  ('pay', 'pay paid paycheck wage', 'pagar pago sueldo salario'),
  ('vacation', 'vacation pto', 'vacacion vacaciones'),
  ('clock in', 'clock punch', 'fichar checar reloj'),
  ('fire', 'fire', 'fuego incendio'),
  ('extinguisher', 'extinguisher', 'extintor extinguidor'),
  ('gas', 'gas', 'gas'),
  ('power', 'power electricity outage', 'luz electricidad apagon corriente'),
  ('slip', 'slip fall', 'resbalar caer caida'),
  ('spill', 'spill', 'derrame derramar'),
  ('injury', 'injury injured hurt accident', 'lesion lastimar accidente herir'),
  ('inspector', 'inspector inspection', 'inspector inspeccion'),
  ('open', 'open opening', 'abrir apertura'),
  ('close', 'close closing', 'cerrar cierre'),
  ('lock', 'lock key', 'llave candado'),
  ('alarm', 'alarm', 'alarma'),
  ('robbery', 'robbery robbed', 'robo asalto'),
  ('alcohol', 'alcohol liquor', 'alcohol licor'),
  ('complaint', 'complaint complain', 'queja quejar'),
  ('table', 'table', 'mesa'),
  ('kitchen', 'kitchen', 'cocina'),
  ('day', 'day', 'dia'),
  ('hour', 'hour', 'hora'),
  ('minute', 'minute', 'minuto'),
  ('week', 'week', 'semana'),
  ('Monday', 'monday', 'lunes'),
  ('Sunday', 'sunday', 'domingo'),
  ('change', 'change replace', 'cambiar reemplazar'),
  ('check', 'check', 'revisar verificar comprobar'),
  ('touch', 'touch', 'tocar'),
  ('safe', 'safe', 'seguro segura'),
  ('serve', 'serve', 'servir'),
  ('buffet', 'buffet', 'bufe buffet'),
  ('cover', 'cover lid', 'cubrir tapar tapa'),
  ('rinse', 'rinse', 'enjuagar'),
  ('dry', 'dry', 'secar seco'),
  ('sharp', 'sharp sharpen', 'afilar filo'),
  ('lift', 'lift heavy', 'levantar cargar pesado'),
  ('broken', 'broken break', 'romper roto'),
  ('glass', 'glass', 'vidrio vaso cristal'),
  -- numbers, as a recogniser may write them out
  ('0', '0 zero', '0 cero'),
  ('1', '1 one', '1 uno'),
  ('2', '2 two', '2 dos'),
  ('3', '3 three', '3 tres'),
  ('4', '4 four', '4 cuatro'),
  ('5', '5 five', '5 cinco'),
  ('6', '6 six', '6 seis'),
  ('7', '7 seven', '7 siete'),
  ('8', '8 eight', '8 ocho'),
  ('9', '9 nine', '9 nueve'),
  ('10', '10 ten', '10 diez'),
  ('11', '11 eleven', '11 once'),
  ('12', '12 twelve', '12 doce'),
  ('13', '13 thirteen', '13 trece'),
  ('14', '14 fourteen', '14 catorce'),
  ('15', '15 fifteen', '15 quince'),
  ('16', '16 sixteen', '16 dieciseis'),
  ('17', '17 seventeen', '17 diecisiete'),
  ('18', '18 eighteen', '18 dieciocho'),
  ('19', '19 nineteen', '19 diecinueve'),
  ('20', '20 twenty', '20 veinte'),
  ('30', '30 thirty', '30 treinta'),
  ('40', '40 forty', '40 cuarenta'),
  ('50', '50 fifty', '50 cincuenta'),
  ('60', '60 sixty', '60 sesenta'),
  ('70', '70 seventy', '70 setenta'),
  ('80', '80 eighty', '80 ochenta'),
  ('90', '90 ninety', '90 noventa'),
  ('100', '100 hundred', '100 cien ciento')
) entry (concept, english, spanish)
cross join lateral (
  select 'en' as language, e.lexeme from unnest(to_tsvector('private.english', entry.english)) e
  union all
  select 'es', s.lexeme from unnest(to_tsvector('private.spanish', entry.spanish)) s
) said;
