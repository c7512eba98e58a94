<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es">
  <context>
    <name>contorno</name>
    <message>
      <source> / s</source>
      <translation> / s</translation>
    </message>
    <message>
      <source>"{setting}" ({name}) was set, and changes nothing in a training of this kind.</source>
      <translation>Se ha indicado «{setting}» ({name}), que no cambia nada en un entrenamiento de este tipo.</translation>
    </message>
    <message>
      <source>(image − filter + 2·margin)/stride + 1</source>
      <translation>(imagen − filtro + 2·relleno)/paso + 1</translation>
    </message>
    <message>
      <source>(image − filter)/stride + 1</source>
      <translation>(imagen − filtro)/paso + 1</translation>
    </message>
    <message>
      <source>+ and - or Shift + wheel too</source>
      <translation>También + y - o Mayús + rueda</translation>
    </message>
    <message>
      <source>0 no class</source>
      <translation>0 sin clase</translation>
    </message>
    <message>
      <source>1 - specificity</source>
      <translation>1 - especificidad</translation>
    </message>
    <message>
      <source>1 annotation of {file} has no shape, only a box or points, and makes no mask.</source>
      <translation>1 anotación de {file} no tiene forma, solo un recuadro o puntos, y no da máscara.</translation>
    </message>
    <message>
      <source>1 annotation of {file} is a crowd, which tells no objects apart: its pixels count as unlabelled.</source>
      <translation>1 anotación de {file} es un grupo, que no distingue objetos: sus píxeles cuentan como sin etiquetar.</translation>
    </message>
    <message>
      <source>1 annotation of {file} is about an image that it does not list, and was left out.</source>
      <translation>1 anotación de {file} es de una imagen que el archivo no enumera, y se omitió.</translation>
    </message>
    <message>
      <source>1 answer is no number: it counts as wrong, and there is no AUC.</source>
      <translation>1 respuesta no es un número: cuenta como errónea, y no hay AUC.</translation>
    </message>
    <message>
      <source>1 answer is no number: it is in no cell of the matrix, and there is no curve.</source>
      <translation>1 respuesta no es un número: no está en ninguna celda de la matriz y no hay curva.</translation>
    </message>
    <message>
      <source>1 at a time</source>
      <translation>1 cada vez</translation>
    </message>
    <message>
      <source>1 class</source>
      <translation>1 clase</translation>
    </message>
    <message>
      <source>1 epoch</source>
      <translation>1 época</translation>
    </message>
    <message>
      <source>1 epoch frozen</source>
      <translation>1 época congelada</translation>
    </message>
    <message>
      <source>1 epoch without gain</source>
      <translation>1 época sin mejora</translation>
    </message>
    <message>
      <source>1 file among the masks is of no kind that masks are read of: {names}.</source>
      <translation>1 archivo entre las máscaras no es de un tipo del que se lean máscaras: {names}.</translation>
    </message>
    <message>
      <source>1 file was written to {folder}.</source>
      <translation>Se escribió 1 archivo en {folder}.</translation>
    </message>
    <message>
      <source>1 frozen</source>
      <translation>1 congelada</translation>
    </message>
    <message>
      <source>1 grey image is learnt as one in colour, its grey as red, green and blue alike: {names}.</source>
      <translation>1 imagen gris se aprende como una en color, con el gris por igual en rojo, verde y azul: {names}.</translation>
    </message>
    <message>
      <source>1 group of twins is kept in one set</source>
      <translation>1 grupo de gemelas queda en un mismo conjunto</translation>
    </message>
    <message>
      <source>1 image</source>
      <translation>1 imagen</translation>
    </message>
    <message>
      <source>1 image has a mask of its name only in the folder of another set, which was left out: {names}.</source>
      <translation>1 imagen tiene una máscara de su nombre solo en la carpeta de otro conjunto, y se omitió: {names}.</translation>
    </message>
    <message>
      <source>1 image has another class.</source>
      <translation>1 imagen tiene otra clase.</translation>
    </message>
    <message>
      <source>1 image has more than 8 bits: its usual values are spread over 8, as the others have: {names}.</source>
      <translation>1 imagen tiene más de 8 bits: sus valores habituales se reparten en 8, los que tienen las demás: {names}.</translation>
    </message>
    <message>
      <source>1 image has no class: {names}.</source>
      <translation>1 imagen no tiene clase: {names}.</translation>
    </message>
    <message>
      <source>1 image has no mask: {names}.</source>
      <translation>1 imagen no tiene máscara: {names}.</translation>
    </message>
    <message>
      <source>1 image holds values that no scanner measured (NaN, infinite or 1e30 and more).</source>
      <translation>1 imagen contiene valores que ningún equipo midió (NaN, infinito o 1e30 y más).</translation>
    </message>
    <message>
      <source>1 image in colour is learnt by its brightness alone, since the earlier run was taught on grey: {names}.</source>
      <translation>De 1 imagen en color solo se aprende la claridad, porque el entrenamiento anterior aprendió con grises: {names}.</translation>
    </message>
    <message>
      <source>1 image is a volume: its middle slice alone is seen.</source>
      <translation>1 imagen es un volumen: solo se ve su corte central.</translation>
    </message>
    <message>
      <source>1 image is called CT as the others are, and is not in HU: together they lose their HU.</source>
      <translation>1 imagen se llama TC como las demás y no está en HU: juntas pierden sus HU.</translation>
    </message>
    <message>
      <source>1 image is called so: wrong.</source>
      <translation>1 imagen recibe ese nombre: error.</translation>
    </message>
    <message>
      <source>1 image is listed in several of the files {file}: their shapes were laid over each other.</source>
      <translation>1 imagen figura en varios de los archivos {file}: sus formas se superpusieron.</translation>
    </message>
    <message>
      <source>1 image is not in HU as the others are, and is learnt by its own range of values: {names}.</source>
      <translation>1 imagen no está en HU como las demás y se aprende por su propio intervalo de valores: {names}.</translation>
    </message>
    <message>
      <source>1 image is not in HU as the others are, so that each image is learnt by its own range of values: {names}.</source>
      <translation>1 imagen no está en HU como las demás, por lo que cada imagen se aprende por su propio intervalo de valores: {names}.</translation>
    </message>
    <message>
      <source>1 image is not where it was.</source>
      <translation>1 imagen no está donde estaba.</translation>
    </message>
    <message>
      <source>1 image of the project was found again, where it lies now.</source>
      <translation>Se encontró de nuevo 1 imagen del proyecto, donde está ahora.</translation>
    </message>
    <message>
      <source>1 image of {file} was not among the pictures: {names}.</source>
      <translation>1 imagen de {file} no estaba entre las elegidas: {names}.</translation>
    </message>
    <message>
      <source>1 image that was there already got its mask or class: {names}.</source>
      <translation>1 imagen que ya estaba recibió su máscara o su clase: {names}.</translation>
    </message>
    <message>
      <source>1 item</source>
      <translation>1 elemento</translation>
    </message>
    <message>
      <source>1 item added.</source>
      <translation>1 elemento añadido.</translation>
    </message>
    <message>
      <source>1 item got a mask or a class.</source>
      <translation>1 elemento recibió una máscara o una clase.</translation>
    </message>
    <message>
      <source>1 item has no class.</source>
      <translation>1 elemento no tiene clase.</translation>
    </message>
    <message>
      <source>1 item has no mask.</source>
      <translation>1 elemento no tiene máscara.</translation>
    </message>
    <message>
      <source>1 item holds {name}.</source>
      <translation>1 elemento contiene {name}.</translation>
    </message>
    <message>
      <source>1 item is in no set</source>
      <translation>1 elemento sin conjunto</translation>
    </message>
    <message>
      <source>1 item is in no set.</source>
      <translation>1 elemento no está en ningún conjunto.</translation>
    </message>
    <message>
      <source>1 item is in no set: its patient or twin is in the test set</source>
      <translation>1 elemento no está en ningún conjunto: su paciente o su gemela está en el de prueba</translation>
    </message>
    <message>
      <source>1 item is left out: its class came after the training.</source>
      <translation>Se deja fuera 1 elemento: su clase llegó después del entrenamiento.</translation>
    </message>
    <message>
      <source>1 item is of an unusual size.</source>
      <translation>1 elemento tiene un tamaño inusual.</translation>
    </message>
    <message>
      <source>1 item is {modality} now.</source>
      <translation>1 elemento es ahora {modality}.</translation>
    </message>
    <message>
      <source>1 item looks like a mask or a sheet of pictures, not like a scan.</source>
      <translation>1 elemento parece una máscara o una hoja de imágenes, no una exploración.</translation>
    </message>
    <message>
      <source>1 item was moved.</source>
      <translation>Se movió 1 elemento.</translation>
    </message>
    <message>
      <source>1 keeps yours, 2 takes the model's</source>
      <translation>1 deja la suya, 2 toma la del modelo</translation>
    </message>
    <message>
      <source>1 labelled item of this set has no prediction yet: it is not scored.</source>
      <translation>1 elemento etiquetado de este conjunto aún no tiene predicción: no se evalúa.</translation>
    </message>
    <message>
      <source>1 mask belongs to no image: {names}.</source>
      <translation>1 máscara no corresponde a ninguna imagen: {names}.</translation>
    </message>
    <message>
      <source>1 mask has unlabelled pixels: they are neither learnt nor scored.</source>
      <translation>1 máscara tiene píxeles sin etiquetar: no se aprenden ni se puntúan.</translation>
    </message>
    <message>
      <source>1 mask holds only unlabelled pixels: nothing of it is learnt or scored.</source>
      <translation>1 máscara solo tiene píxeles sin etiquetar: nada de ella se aprende ni se puntúa.</translation>
    </message>
    <message>
      <source>1 mask holds values without a class.</source>
      <translation>1 máscara contiene valores sin clase.</translation>
    </message>
    <message>
      <source>1 mask in {folder} has no partner and was left out: {names}.</source>
      <translation>1 máscara de {folder} no tiene pareja y se omitió: {names}.</translation>
    </message>
    <message>
      <source>1 mask is damaged.</source>
      <translation>1 máscara está dañada.</translation>
    </message>
    <message>
      <source>1 mask is empty.</source>
      <translation>1 máscara está vacía.</translation>
    </message>
    <message>
      <source>1 mask was changed with the model's help and is scored as it was before: with it {value}</source>
      <translation>1 máscara se cambió con ayuda del modelo y se puntúa como era antes: con ella {value}</translation>
    </message>
    <message>
      <source>1 mask was not read: {reason}</source>
      <translation>No se leyó 1 máscara: {reason}</translation>
    </message>
    <message>
      <source>1 measure is damaged and not shown.</source>
      <translation>1 medida está dañada y no se muestra.</translation>
    </message>
    <message>
      <source>1 more is locked, or may not be painted over</source>
      <translation>1 más está bloqueado o no se puede pintar encima</translation>
    </message>
    <message>
      <source>1 new object</source>
      <translation>1 objeto nuevo</translation>
    </message>
    <message>
      <source>1 not read</source>
      <translation>1 no leído</translation>
    </message>
    <message>
      <source>1 object of the mask lies outside the image and was left out.</source>
      <translation>1 objeto de la máscara queda fuera de la imagen y se dejó fuera.</translation>
    </message>
    <message>
      <source>1 object of {file} is hidden under others and was left out.</source>
      <translation>1 objeto de {file} está oculto bajo otros y se dejó fuera.</translation>
    </message>
    <message>
      <source>1 object of {file} lies over another: the later one in the file is on top.</source>
      <translation>1 objeto de {file} cubre a otro: queda encima el que viene después en el archivo.</translation>
    </message>
    <message>
      <source>1 of these items was learnt from, before the sets were changed: its scores are too high.</source>
      <translation>De 1 de estos elementos se aprendió antes de cambiar los conjuntos: sus resultados son demasiado altos.</translation>
    </message>
    <message>
      <source>1 of {total} images has no class yet</source>
      <translation>1 de {total} imágenes aún no tiene clase</translation>
    </message>
    <message>
      <source>1 patient</source>
      <translation>1 paciente</translation>
    </message>
    <message>
      <source>1 patient of this set is in the training set too: its scores are too high.</source>
      <translation>1 paciente de este conjunto está también en el de entrenamiento: sus puntuaciones son demasiado altas.</translation>
    </message>
    <message>
      <source>1 patient only</source>
      <translation>solo 1 paciente</translation>
    </message>
    <message>
      <source>1 picture is not in {file}: {names}.</source>
      <translation>1 imagen no está en {file}: {names}.</translation>
    </message>
    <message>
      <source>1 pixel changes</source>
      <translation>Cambia 1 píxel</translation>
    </message>
    <message>
      <source>1 pixel more</source>
      <translation>1 píxel más</translation>
    </message>
    <message>
      <source>1 rejected item is left out of training and validation.</source>
      <translation>1 elemento rechazado queda fuera del entrenamiento y de la validación.</translation>
    </message>
    <message>
      <source>1 rejected item of this set is not scored.</source>
      <translation>1 elemento rechazado de este conjunto no se evalúa.</translation>
    </message>
    <message>
      <source>1 row of the table is about no item.</source>
      <translation>1 fila de la tabla no corresponde a ningún elemento.</translation>
    </message>
    <message>
      <source>1 row of {file} is about no image.</source>
      <translation>1 fila de {file} no corresponde a ninguna imagen.</translation>
    </message>
    <message>
      <source>1 run</source>
      <translation>1 ejecución</translation>
    </message>
    <message>
      <source>1 series holds several volumes, which stand as one row: {names}.</source>
      <translation>1 serie contiene varios volúmenes, que figuran como una fila: {names}.</translation>
    </message>
    <message>
      <source>1 shape of {file} covers no pixel and was left out (image/annotation): {names}.</source>
      <translation>1 forma de {file} no cubre ningún píxel y se omitió (imagen/anotación): {names}.</translation>
    </message>
    <message>
      <source>1 shape of {file} is damaged and was left out (image/annotation): {names}.</source>
      <translation>1 forma de {file} está dañada y se omitió (imagen/anotación): {names}.</translation>
    </message>
    <message>
      <source>1 shape of {file} lies over one of another class: the smaller one is on top.</source>
      <translation>1 forma de {file} está sobre una de otra clase: la más pequeña queda encima.</translation>
    </message>
    <message>
      <source>1 slice</source>
      <translation>1 corte</translation>
    </message>
    <message>
      <source>1 small one</source>
      <translation>1 pequeña</translation>
    </message>
    <message>
      <source>1 structure was missed altogether: distances leave it out.</source>
      <translation>1 estructura se omitió del todo: las distancias no la incluyen.</translation>
    </message>
    <message>
      <source>1 test item, never used in training</source>
      <translation>1 elemento de prueba, nunca usado para entrenar</translation>
    </message>
    <message>
      <source>1 test patient, never used in training</source>
      <translation>1 paciente de prueba, nunca usado para entrenar</translation>
    </message>
    <message>
      <source>1 trial failed: the study's page says why.</source>
      <translation>1 ensayo falló: la página del estudio dice por qué.</translation>
    </message>
    <message>
      <source>1 value has no class yet.</source>
      <translation>1 valor aún no tiene clase.</translation>
    </message>
    <message>
      <source>1 volume: {slices} of {total} slices are labelled; the others are neither learnt nor scored.</source>
      <translation>1 volumen: {slices} de {total} cortes están etiquetados; los demás no se aprenden ni se puntúan.</translation>
    </message>
    <message>
      <source>1 voxel of another class lies under {label}, whose file comes later.</source>
      <translation>1 vóxel de otra clase queda debajo de {label}, cuyo archivo viene después.</translation>
    </message>
    <message>
      <source>1 was not read.</source>
      <translation>1 no se leyó.</translation>
    </message>
    <message>
      <source>10.02 % (one network, validation set, ten crops)</source>
      <translation>10,02 % (una red, conjunto de validación, diez recortes)</translation>
    </message>
    <message>
      <source>16.4 % (contest entry of 2012: five networks averaged)</source>
      <translation>16,4 % (envío al concurso de 2012: cinco redes promediadas)</translation>
    </message>
    <message>
      <source>1–9 class</source>
      <translation>1–9 clase</translation>
    </message>
    <message>
      <source>3.57 % (contest entry of 2015: six networks averaged; alone 4.49 % on the validation set)</source>
      <translation>3,57 % (envío al concurso de 2015: seis redes promediadas; sola, 4,49 % en el conjunto de validación)</translation>
    </message>
    <message>
      <source>4.60 % (one network, validation set)</source>
      <translation>4,60 % (una red, conjunto de validación)</translation>
    </message>
    <message>
      <source>5.25 % (one network, validation set)</source>
      <translation>5,25 % (una red, conjunto de validación)</translation>
    </message>
    <message>
      <source>5.71 % (one network, validation set)</source>
      <translation>5,71 % (una red, conjunto de validación)</translation>
    </message>
    <message>
      <source>7.3 % (contest entry of 2014: seven networks averaged)</source>
      <translation>7,3 % (envío al concurso de 2014: siete redes promediadas)</translation>
    </message>
    <message>
      <source>7x7 and 14x14 within boxes</source>
      <translation>7x7 y 14x14 dentro de las cajas</translation>
    </message>
    <message>
      <source>8.16 % (torchvision's weights, validation set; the paper has no batch normalisation)</source>
      <translation>8,16 % (pesos de torchvision, conjunto de validación; el artículo no tiene normalización por lotes)</translation>
    </message>
    <message>
      <source>8.48 % (torchvision's weights, validation set; the paper has no batch normalisation)</source>
      <translation>8,48 % (pesos de torchvision, conjunto de validación; el artículo no tiene normalización por lotes)</translation>
    </message>
    <message>
      <source>95 %: from 1,000 draws of patients. HD95: over the items in brackets, which have the class in both masks.</source>
      <translation>95 %: de 1.000 sorteos de pacientes. HD95: sobre los elementos entre paréntesis, que tienen la clase en ambas máscaras.</translation>
    </message>
    <message>
      <source>A CSV file with the columns item and class</source>
      <translation>Un archivo CSV con las columnas item y class</translation>
    </message>
    <message>
      <source>A CSV file with the columns item and split</source>
      <translation>Un archivo CSV con las columnas item y split</translation>
    </message>
    <message>
      <source>A ResNet whose last stages have holes instead of strides, and one small head.</source>
      <translation>Una ResNet cuyas últimas etapas tienen huecos en vez de pasos, y una cabeza pequeña.</translation>
    </message>
    <message>
      <source>A U-Net. Its encoder, image size and batch are chosen from your data and this computer at the start.</source>
      <translation>Una U-Net. Su codificador, tamaño de imagen y lote se eligen según los datos y este equipo al empezar.</translation>
    </message>
    <message>
      <source>A alone: {count}</source>
      <translation>solo A: {count}</translation>
    </message>
    <message>
      <source>A binary project has one class beside the background, not {count}.</source>
      <translation>Un proyecto binario tiene una clase además del fondo, no {count}.</translation>
    </message>
    <message>
      <source>A class can be removed when nothing is being trained, predicted or added.</source>
      <translation>Una clase se puede quitar cuando no se entrena, ni se predice, ni se añade nada.</translation>
    </message>
    <message>
      <source>A class cannot be removed while masks, predictions or items hold it.</source>
      <translation>No se puede quitar una clase mientras la contengan máscaras, predicciones o elementos.</translation>
    </message>
    <message>
      <source>A class for each pixel: a mask that somebody painted.</source>
      <translation>Una clase para cada píxel: una máscara que alguien pintó.</translation>
    </message>
    <message>
      <source>A class for every value</source>
      <translation>Una clase para cada valor</translation>
    </message>
    <message>
      <source>A class for the image, or a class for each pixel</source>
      <translation>Una clase para la imagen, o una clase para cada píxel</translation>
    </message>
    <message>
      <source>A class has no name.</source>
      <translation>Una clase no tiene nombre.</translation>
    </message>
    <message>
      <source>A class in neither</source>
      <translation>Una clase en ninguna</translation>
    </message>
    <message>
      <source>A class was removed while {run} predicted: what was left was not predicted.</source>
      <translation>Se quitó una clase mientras {run} predecía: lo que faltaba no se predijo.</translation>
    </message>
    <message>
      <source>A click model is two .onnx files in one folder: the encoder and the decoder of a SAM export.</source>
      <translation>Un modelo de clics son dos archivos .onnx en una carpeta: el codificador y el decodificador de una exportación de SAM.</translation>
    </message>
    <message>
      <source>A click paints nothing with this tool: drag.</source>
      <translation>Con esta herramienta un clic no pinta nada: arrastre.</translation>
    </message>
    <message>
      <source>A code of {count} characters is too long.</source>
      <translation>Un código de {count} caracteres es demasiado largo.</translation>
    </message>
    <message>
      <source>A damaged shape of {file} was left out of its mask.</source>
      <translation>Una forma dañada de {file} se omitió en su máscara.</translation>
    </message>
    <message>
      <source>A decoder of nothing but linear layers; meant for the Mix Transformer encoders (mit_b0 to mit_b5).</source>
      <translation>Un decodificador hecho solo de capas lineales; pensado para los codificadores Mix Transformer (mit_b0 a mit_b5).</translation>
    </message>
    <message>
      <source>A feature pyramid over PSPNet's pooling.</source>
      <translation>Una pirámide de rasgos sobre la agrupación de PSPNet.</translation>
    </message>
    <message>
      <source>A filter of {kernel} px does not fit into {size} px.</source>
      <translation>Un filtro de {kernel} px no cabe en {size} px.</translation>
    </message>
    <message>
      <source>A fingerprint changes with any image, mask or class of its set.</source>
      <translation>La huella cambia con cualquier imagen, máscara o clase de su conjunto.</translation>
    </message>
    <message>
      <source>A folder of DICOM series, or PNG, JPEG, TIFF, NIfTI and NRRD files. Classes come from folders' names or a table.</source>
      <translation>Una carpeta de series DICOM, o archivos PNG, JPEG, TIFF, NIfTI y NRRD. Las clases salen de los nombres de las carpetas o de una tabla.</translation>
    </message>
    <message>
      <source>A folder of DICOM series, or PNG, JPEG, TIFF, NIfTI and NRRD files. Masks beside them are found by name.</source>
      <translation>Una carpeta de series DICOM, o archivos PNG, JPEG, TIFF, NIfTI y NRRD. Las máscaras junto a ellos se encuentran por el nombre.</translation>
    </message>
    <message>
      <source>A folder with the encoder and the decoder (.onnx) of a SAM export makes smart outlines better on photographs, lungs and hearts. Contorno brings none and fetches none: take one whose licence suits you.</source>
      <translation>Una carpeta con el codificador y el decodificador (.onnx) de una exportación de SAM mejora el contorno asistido en fotografías, pulmones y corazones. Contorno no trae ninguno ni lo descarga: elija uno cuya licencia le convenga.</translation>
    </message>
    <message>
      <source>A folder with the two ONNX files of a model that outlines what is clicked, for the smart outline.</source>
      <translation>Una carpeta con los dos archivos ONNX de un modelo que contornea lo que se pulsa, para el contorno inteligente.</translation>
    </message>
    <message>
      <source>A fully connected layer is a filter that is as large as the maps.</source>
      <translation>Una capa totalmente conectada es un filtro tan grande como los mapas.</translation>
    </message>
    <message>
      <source>A little better, twice the time.</source>
      <translation>Algo mejor, el doble de tiempo.</translation>
    </message>
    <message>
      <source>A mask has one colour per class. Save it without smoothing and without JPEG.</source>
      <translation>Una máscara tiene un color por clase. Guárdela sin suavizar y sin JPEG.</translation>
    </message>
    <message>
      <source>A mask holds one whole number per class. This may be an image, or a map of probabilities.</source>
      <translation>Una máscara contiene un número entero por clase. Esto puede ser una imagen o un mapa de probabilidades.</translation>
    </message>
    <message>
      <source>A mask holds the value {value}, but there are {count} classes.</source>
      <translation>Una máscara contiene el valor {value}, pero hay {count} clases.</translation>
    </message>
    <message>
      <source>A measure that is picked: delete it</source>
      <translation>Una medida elegida: borrarla</translation>
    </message>
    <message>
      <source>A mirrored border repeats what lies there, organs with their labels: the network learns ghosts of them.</source>
      <translation>Un borde en espejo repite lo que hay allí, órganos con sus etiquetas: la red aprende fantasmas de ellos.</translation>
    </message>
    <message>
      <source>A mosaic of many slices (Siemens): it is shown as stored, the slices side by side.</source>
      <translation>Un mosaico de muchos cortes (Siemens): se muestra como está guardado, los cortes uno junto a otro.</translation>
    </message>
    <message>
      <source>A name cannot hold \ / : * ? " &lt; &gt; | or begin with a dot.</source>
      <translation>Un nombre no puede contener \ / : * ? " &lt; &gt; | ni empezar con un punto.</translation>
    </message>
    <message>
      <source>A network that is scored against its own answers looks better than it is. The score stays that of your mask as it is now, and the case is marked.</source>
      <translation>Una red que se puntúa contra sus propias respuestas parece mejor de lo que es. La puntuación sigue siendo la de su máscara tal como está ahora, y el caso queda señalado.</translation>
    </message>
    <message>
      <source>A part of the project's database is damaged.</source>
      <translation>Una parte de la base de datos del proyecto está dañada.</translation>
    </message>
    <message>
      <source>A pen's pressure changes the radius</source>
      <translation>La presión del lápiz cambia el radio</translation>
    </message>
    <message>
      <source>A polygon that is closed: move a point, a new one of its edge, or all of it</source>
      <translation>Un polígono cerrado: mover un punto, uno nuevo de su borde, o todo</translation>
    </message>
    <message>
      <source>A pooling has no weights.</source>
      <translation>Un agrupamiento no tiene pesos.</translation>
    </message>
    <message>
      <source>A prediction is under way.</source>
      <translation>Hay una predicción en curso.</translation>
    </message>
    <message>
      <source>A preset's name or file; auto: the one for the task.</source>
      <translation>El nombre o el archivo de un preajuste; auto: el propio de la tarea.</translation>
    </message>
    <message>
      <source>A previous</source>
      <translation>A anterior</translation>
    </message>
    <message>
      <source>A project has at most 254 classes, as many as a mask can hold.</source>
      <translation>Un proyecto tiene como máximo 254 clases, tantas como admite una máscara.</translation>
    </message>
    <message>
      <source>A pyramid of pooled maps weighs the deepest features, and global context guides each step up.</source>
      <translation>Una pirámide de mapas agrupados pondera los rasgos más profundos, y el contexto global guía cada paso hacia arriba.</translation>
    </message>
    <message>
      <source>A rule of my own…</source>
      <translation>Una regla propia…</translation>
    </message>
    <message>
      <source>A run needs a name.</source>
      <translation>Un entrenamiento necesita un nombre.</translation>
    </message>
    <message>
      <source>A scan with its mask</source>
      <translation>Una imagen con su máscara</translation>
    </message>
    <message>
      <source>A slice is missing after the one with number {number}.</source>
      <translation>Falta un corte después del número {number}.</translation>
    </message>
    <message>
      <source>A slice is missing after z = {z:.1f} mm (gap {gap:.1f} mm, step {step:.1f} mm).</source>
      <translation>Falta un corte tras z = {z:.1f} mm (hueco {gap:.1f} mm, paso {step:.1f} mm).</translation>
    </message>
    <message>
      <source>A slice is missing after z = {z:.3f} mm (gap {gap:.0f} µm, step {step:.0f} µm).</source>
      <translation>Falta un corte tras z = {z:.3f} mm (hueco {gap:.0f} µm, paso {step:.0f} µm).</translation>
    </message>
    <message>
      <source>A small made-up study, already painted: train and look at the result.</source>
      <translation>Un pequeño estudio inventado, ya pintado: entrene y mire el resultado.</translation>
    </message>
    <message>
      <source>A study ends by its minutes or by the epochs of its trainings.</source>
      <translation>Un estudio termina por sus minutos o por las épocas de sus entrenamientos.</translation>
    </message>
    <message>
      <source>A study is under way.</source>
      <translation>Hay un estudio en marcha.</translation>
    </message>
    <message>
      <source>A table of classes</source>
      <translation>Una tabla de clases</translation>
    </message>
    <message>
      <source>A table of sets</source>
      <translation>Una tabla de conjuntos</translation>
    </message>
    <message>
      <source>A training is under way.</source>
      <translation>Hay un entrenamiento en curso.</translation>
    </message>
    <message>
      <source>A training on the CPU cannot use float16.</source>
      <translation>Un entrenamiento en CPU no puede usar float16.</translation>
    </message>
    <message>
      <source>A training starts from an earlier run or from weights, not from both.</source>
      <translation>Un entrenamiento parte de otro anterior o de unos pesos, no de ambos.</translation>
    </message>
    <message>
      <source>A validation looks at {count} of the {total} slices, evenly spread, to stay short.</source>
      <translation>Para ser breve, cada validación mira {count} de los {total} cortes, repartidos por igual.</translation>
    </message>
    <message>
      <source>A view of each plane, or one view</source>
      <translation>Una vista de cada plano, o una sola</translation>
    </message>
    <message>
      <source>A vision transformer reads the image as patches of 16 px; four of its depths become maps that are merged.</source>
      <translation>Un transformer de visión lee la imagen en parches de 16 px; cuatro de sus profundidades se vuelven mapas que se funden.</translation>
    </message>
    <message>
      <source>A voxel is {size:.4g} mm long by its file, whose unit may be wrong: so are all lengths then.</source>
      <translation>Según su archivo, un vóxel mide {size:.4g} mm; si su unidad es errónea, lo son todas las longitudes.</translation>
    </message>
    <message>
      <source>AP50 {value} on the validation set.</source>
      <translation>AP50 {value} en el conjunto de validación.</translation>
    </message>
    <message>
      <source>AUC</source>
      <translation>AUC</translation>
    </message>
    <message>
      <source>AUC {value}</source>
      <translation>AUC {value}</translation>
    </message>
    <message>
      <source>AUC {value}.</source>
      <translation>AUC {value}.</translation>
    </message>
    <message>
      <source>About Contorno</source>
      <translation>Acerca de Contorno</translation>
    </message>
    <message>
      <source>Above 1 darkens the middle greys, below 1 lightens them; black and white stay.</source>
      <translation>Más de 1 oscurece los grises medios, menos de 1 los aclara; negro y blanco se quedan.</translation>
    </message>
    <message>
      <source>Above 1 is larger, below 1 smaller; both sides alike.</source>
      <translation>Más de 1 es mayor, menos de 1 menor; ambos lados por igual.</translation>
    </message>
    <message>
      <source>Accept some of them in Review, or set with_rejected for this training.</source>
      <translation>Acepte algunos en Revisar, o active with_rejected para este entrenamiento.</translation>
    </message>
    <message>
      <source>Accuracy</source>
      <translation>Exactitud</translation>
    </message>
    <message>
      <source>Accuracy on the validation set by epoch</source>
      <translation>Exactitud en validación por época</translation>
    </message>
    <message>
      <source>Accuracy {value} on the validation set.</source>
      <translation>Exactitud de {value} en el conjunto de validación.</translation>
    </message>
    <message>
      <source>Accuracy, F1, area under the ROC curve, confusion matrix.</source>
      <translation>Exactitud, F1, área bajo la curva ROC, matriz de confusión.</translation>
    </message>
    <message>
      <source>Activation</source>
      <translation>Activación</translation>
    </message>
    <message>
      <source>Activations before and after the normalisation</source>
      <translation>Activaciones antes y después de la normalización</translation>
    </message>
    <message>
      <source>Active class</source>
      <translation>Clase activa</translation>
    </message>
    <message>
      <source>Actual size</source>
      <translation>Tamaño real</translation>
    </message>
    <message>
      <source>Adam with decoupled weight decay: good without tuning. The default.</source>
      <translation>Adam con decaimiento de pesos desacoplado: bueno sin afinar. La opción por defecto.</translation>
    </message>
    <message>
      <source>Adaptive without momentum: for old recipes.</source>
      <translation>Adaptativo sin momento: para recetas antiguas.</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>Añadir</translation>
    </message>
    <message>
      <source>Add 1 item</source>
      <translation>Añadir 1 elemento</translation>
    </message>
    <message>
      <source>Add a class</source>
      <translation>Añadir una clase</translation>
    </message>
    <message>
      <source>Add a class of that name, or take it as background.</source>
      <translation>Añada una clase con ese nombre, o tómela como fondo.</translation>
    </message>
    <message>
      <source>Add images first.</source>
      <translation>Añada primero imágenes.</translation>
    </message>
    <message>
      <source>Add images in the Data tab.</source>
      <translation>Añada imágenes en la pestaña Datos.</translation>
    </message>
    <message>
      <source>Add images…</source>
      <translation>Añadir imágenes…</translation>
    </message>
    <message>
      <source>Add it</source>
      <translation>Añadirla</translation>
    </message>
    <message>
      <source>Add one that has, or do not vary the start.</source>
      <translation>Añada una que los tenga, o no varíe el punto de partida.</translation>
    </message>
    <message>
      <source>Add the class first, or mend the table.</source>
      <translation>Añada primero la clase, o corrija la tabla.</translation>
    </message>
    <message>
      <source>Add the class first.</source>
      <translation>Añada primero la clase.</translation>
    </message>
    <message>
      <source>Add the classes of the table first.</source>
      <translation>Añada primero las clases de la tabla.</translation>
    </message>
    <message>
      <source>Add {count} classes</source>
      <translation>Añadir {count} clases</translation>
    </message>
    <message>
      <source>Add {count} items</source>
      <translation>Añadir {count} elementos</translation>
    </message>
    <message>
      <source>Adding the items…</source>
      <translation>Añadiendo los elementos…</translation>
    </message>
    <message>
      <source>Advanced</source>
      <translation>Avanzado</translation>
    </message>
    <message>
      <source>After</source>
      <translation>Después</translation>
    </message>
    <message>
      <source>After each convolution; the published network has none, and hardly learns from scratch.</source>
      <translation>Tras cada convolución; la red publicada no la tiene y apenas aprende desde cero.</translation>
    </message>
    <message>
      <source>After each epoch, a few cases of the validation set are shown here.</source>
      <translation>Tras cada época se muestran aquí algunos casos de validación.</translation>
    </message>
    <message>
      <source>Again with this changed …</source>
      <translation>Otra vez, con este cambio …</translation>
    </message>
    <message>
      <source>Air</source>
      <translation>Aire</translation>
    </message>
    <message>
      <source>AlexNet: why 9216, why 4096?</source>
      <translation>AlexNet: ¿por qué 9216 y 4096?</translation>
    </message>
    <message>
      <source>All</source>
      <translation>Todo</translation>
    </message>
    <message>
      <source>All are judged by the F1 of the objects at IoU 0.5 on the validation set, at each rung: of networks that make class maps, the connected parts or a watershed are the objects, whichever is better there.</source>
      <translation>Todas se juzgan por el F1 de los objetos con IoU 0,5 en el conjunto de validación, en cada peldaño: en las redes que hacen mapas de clases, los objetos son las partes conexas o los de una transformación de cuenca, lo que allí vaya mejor.</translation>
    </message>
    <message>
      <source>All as in the profile</source>
      <translation>Todas como en el perfil</translation>
    </message>
    <message>
      <source>All changes, wide. For very few images; look at the samples first.</source>
      <translation>Todos los cambios, amplios. Para muy pocas imágenes; mire antes las muestras.</translation>
    </message>
    <message>
      <source>All classes</source>
      <translation>Todas las clases</translation>
    </message>
    <message>
      <source>All classes are hidden. Show one in the list of classes.</source>
      <translation>Todas las clases están ocultas. Muestre una en la lista de clases.</translation>
    </message>
    <message>
      <source>All grey levels times 1 plus this share; black stays black.</source>
      <translation>Todos los grises por 1 más esta parte; el negro sigue negro.</translation>
    </message>
    <message>
      <source>All is read: the grey range is that of the whole image now.</source>
      <translation>Todo está leído: la escala de grises es ahora la de la imagen completa.</translation>
    </message>
    <message>
      <source>All items</source>
      <translation>Todos los elementos</translation>
    </message>
    <message>
      <source>All items are of one patient: no score will be of anybody else.</source>
      <translation>Todos los elementos son de un solo paciente: ninguna puntuación será de otra persona.</translation>
    </message>
    <message>
      <source>All items, mean Dice</source>
      <translation>Todos, Dice medio</translation>
    </message>
    <message>
      <source>All labelled items of the training set were rejected.</source>
      <translation>Todos los elementos etiquetados del conjunto de entrenamiento fueron rechazados.</translation>
    </message>
    <message>
      <source>All objects that were not simply found; on the scan all are shown</source>
      <translation>Todos los objetos que no se detectaron tal cual; sobre la imagen se ven todos</translation>
    </message>
    <message>
      <source>All other settings are those of the recipe.</source>
      <translation>Todos los demás ajustes son los de la receta.</translation>
    </message>
    <message>
      <source>All slices</source>
      <translation>Todos los cortes</translation>
    </message>
    <message>
      <source>All to all</source>
      <translation>Conexión total</translation>
    </message>
    <message>
      <source>All train for a ninth of the time; the best third of them goes on to a third, and the best third of those to the end.</source>
      <translation>Todos entrenan un noveno del tiempo; el mejor tercio sigue hasta un tercio, y el mejor tercio de esos hasta el final.</translation>
    </message>
    <message>
      <source>All {total} images have a class</source>
      <translation>Las {total} imágenes tienen clase</translation>
    </message>
    <message>
      <source>All: {name}</source>
      <translation>Todos: {name}</translation>
    </message>
    <message>
      <source>Allow that masks are replaced: each can be undone.</source>
      <translation>Permita que se reemplacen las máscaras: cada una se puede deshacer.</translation>
    </message>
    <message>
      <source>Alt + click</source>
      <translation>Alt + clic</translation>
    </message>
    <message>
      <source>Alt + wheel</source>
      <translation>Alt + rueda</translation>
    </message>
    <message>
      <source>Amount</source>
      <translation>Cantidad</translation>
    </message>
    <message>
      <source>An MLP, LeNet-5 and ResNet-18 with three learning rates each; the test set is read once, at the end, and a report of it all is written.</source>
      <translation>Un MLP, LeNet-5 y ResNet-18 con tres tasas de aprendizaje cada una; el conjunto de prueba se lee una vez, al final, y se escribe un informe de todo.</translation>
    </message>
    <message>
      <source>An epoch sees {share} of an image of {width} × {height} px, in {count} patches of {side} px: larger patches see more of it.</source>
      <translation>Una época ve el {share} de una imagen de {width} × {height} px, en {count} recortes de {side} px: con recortes mayores ve más.</translation>
    </message>
    <message>
      <source>An extreme number of weights; slow to train.</source>
      <translation>Número extremo de pesos; lenta de entrenar.</translation>
    </message>
    <message>
      <source>Anchors</source>
      <translation>Anclas</translation>
    </message>
    <message>
      <source>And F need only learn what is to change in x, which is easier than to make all of it anew.</source>
      <translation>Y F solo tiene que aprender lo que ha de cambiar en x, que es más fácil que hacerlo todo de nuevo.</translation>
    </message>
    <message>
      <source>Angle</source>
      <translation>Ángulo</translation>
    </message>
    <message>
      <source>Another language or reader shows the window anew; nothing you do is interrupted.</source>
      <translation>Otro idioma o lector muestra la ventana de nuevo; no se interrumpe nada de lo que está en curso.</translation>
    </message>
    <message>
      <source>Another run is being trained.</source>
      <translation>Hay otro entrenamiento en curso.</translation>
    </message>
    <message>
      <source>Appearance</source>
      <translation>Aspecto</translation>
    </message>
    <message>
      <source>Apple graphics processor</source>
      <translation>Procesador gráfico de Apple</translation>
    </message>
    <message>
      <source>Apply</source>
      <translation>Aplicar</translation>
    </message>
    <message>
      <source>Approve and next</source>
      <translation>Aprobar y seguir</translation>
    </message>
    <message>
      <source>Architectures compared</source>
      <translation>Arquitecturas comparadas</translation>
    </message>
    <message>
      <source>Arcs: skips · dashed: through a 1×1 filter</source>
      <translation>Arcos: saltos · a trazos: por un filtro 1×1</translation>
    </message>
    <message>
      <source>As</source>
      <translation>Como</translation>
    </message>
    <message>
      <source>As in the paper, layer by layer: pooling with trained coefficients, maps that see a part of the maps before them, a scaled tanh. Its output alone is today's: the paper's measured distances to drawings of the digits.</source>
      <translation>Como en el artículo, capa por capa: agrupamiento con coeficientes entrenados, mapas que ven una parte de los anteriores, una tanh escalada. Solo la salida es la de hoy: la del artículo medía distancias a dibujos de los dígitos.</translation>
    </message>
    <message>
      <source>As in the paper; for segmentation networks what the counts were taken at.</source>
      <translation>Como en el artículo; en redes de segmentación, el tamaño con que se contó.</translation>
    </message>
    <message>
      <source>As in the profile</source>
      <translation>Como en el perfil</translation>
    </message>
    <message>
      <source>As its class says.</source>
      <translation>Como dice su clase.</translation>
    </message>
    <message>
      <source>As losses</source>
      <translation>Como pérdidas</translation>
    </message>
    <message>
      <source>As set in Augment</source>
      <translation>Como en Aumentación</translation>
    </message>
    <message>
      <source>As the computer</source>
      <translation>Como el equipo</translation>
    </message>
    <message>
      <source>As the file says</source>
      <translation>Como dice el archivo</translation>
    </message>
    <message>
      <source>As the files say</source>
      <translation>Como dicen los archivos</translation>
    </message>
    <message>
      <source>As the folders say</source>
      <translation>Como dicen las carpetas</translation>
    </message>
    <message>
      <source>As the folders say, validation from the rest</source>
      <translation>Como dicen las carpetas, validación del resto</translation>
    </message>
    <message>
      <source>As the folders say, validation from the rest: {sets}</source>
      <translation>Como dicen las carpetas, validación del resto: {sets}</translation>
    </message>
    <message>
      <source>As the folders say: {sets}</source>
      <translation>Como dicen las carpetas: {sets}</translation>
    </message>
    <message>
      <source>Ask its owner for permission to read it.</source>
      <translation>Pida a su propietario permiso para leerlo.</translation>
    </message>
    <message>
      <source>Asks at every place of the decoder's maps, here {n} × {n}: is an object there, and by how much does its box differ from {count} anchors?</source>
      <translation>Pregunta en cada lugar de los mapas del decodificador, aquí {n} × {n}: ¿hay un objeto, y en cuánto difiere su recuadro de {count} anclas?</translation>
    </message>
    <message>
      <source>At the place of 1 image lies another than was imported: its mask may not fit.</source>
      <translation>En el lugar de 1 imagen hay otra distinta de la importada: es posible que su máscara no corresponda.</translation>
    </message>
    <message>
      <source>At the places of {count} images lie others than were imported: their masks may not fit.</source>
      <translation>En el lugar de {count} imágenes hay otras distintas de las importadas: es posible que sus máscaras no correspondan.</translation>
    </message>
    <message>
      <source>At this threshold</source>
      <translation>Con este umbral</translation>
    </message>
    <message>
      <source>Attention between positions at the bottom and between channels at each skip.</source>
      <translation>Atención entre posiciones en el fondo y entre canales en cada salto.</translation>
    </message>
    <message>
      <source>Attention over positions grows with the square of the image's area.</source>
      <translation>La atención sobre posiciones crece con el cuadrado del área de la imagen.</translation>
    </message>
    <message>
      <source>Augment</source>
      <translation>Aumentación</translation>
    </message>
    <message>
      <source>Augmentation</source>
      <translation>Aumentación</translation>
    </message>
    <message>
      <source>Augmentation shows each image ever anew; rare classes are drawn more often; slices that nobody painted are left out.</source>
      <translation>La aumentación muestra cada imagen siempre de otra forma; las clases raras se sortean más a menudo; los cortes que nadie pintó se dejan fuera.</translation>
    </message>
    <message>
      <source>Augmented per real image</source>
      <translation>Aumentadas por real</translation>
    </message>
    <message>
      <source>Authors, title and place of the paper.</source>
      <translation>Autores, título y lugar del artículo.</translation>
    </message>
    <message>
      <source>Auto</source>
      <translation>Auto</translation>
    </message>
    <message>
      <source>Auto begins with it; every other network of the list trains on the same sets beside it.</source>
      <translation>Auto empieza con ella; cualquier otra red de la lista se entrena a su lado con los mismos conjuntos.</translation>
    </message>
    <message>
      <source>Auto builds a U-Net with an encoder that suits this computer.</source>
      <translation>Auto construye una U-Net con un codificador adecuado a este equipo.</translation>
    </message>
    <message>
      <source>Auto builds the light Mask R-CNN, which learns on any computer.</source>
      <translation>Auto construye la Mask R-CNN ligera, que aprende en cualquier equipo.</translation>
    </message>
    <message>
      <source>Auto: {name}</source>
      <translation>Auto: {name}</translation>
    </message>
    <message>
      <source>Average</source>
      <translation>Promedio</translation>
    </message>
    <message>
      <source>Average over mirror images</source>
      <translation>Promediar espejos</translation>
    </message>
    <message>
      <source>Axial</source>
      <translation>Axial</translation>
    </message>
    <message>
      <source>A∩B: {count}</source>
      <translation>A∩B: {count}</translation>
    </message>
    <message>
      <source>B alone: {count}</source>
      <translation>solo B: {count}</translation>
    </message>
    <message>
      <source>Back to the preset</source>
      <translation>Volver al preajuste</translation>
    </message>
    <message>
      <source>Back to why</source>
      <translation>Volver al porqué</translation>
    </message>
    <message>
      <source>Back to {preset}</source>
      <translation>Volver a {preset}</translation>
    </message>
    <message>
      <source>Background</source>
      <translation>Fondo</translation>
    </message>
    <message>
      <source>Balance rare classes</source>
      <translation>Equilibrar clases raras</translation>
    </message>
    <message>
      <source>Batch</source>
      <translation>Lote</translation>
    </message>
    <message>
      <source>Batch normalisation</source>
      <translation>Normalización por lotes</translation>
    </message>
    <message>
      <source>Before</source>
      <translation>Antes</translation>
    </message>
    <message>
      <source>Before or after the training</source>
      <translation>Antes o después del entrenamiento</translation>
    </message>
    <message>
      <source>Before the first step</source>
      <translation>Antes del primer paso</translation>
    </message>
    <message>
      <source>Before the training: drawn by chance, since what it started from is not there. {reason}</source>
      <translation>Antes del entrenamiento: pesos al azar, pues no está aquello de lo que partió. {reason}</translation>
    </message>
    <message>
      <source>Before training</source>
      <translation>Antes de entrenar</translation>
    </message>
    <message>
      <source>Begin one: leave out --resume.</source>
      <translation>Empiece uno: sin --resume.</translation>
    </message>
    <message>
      <source>Begun</source>
      <translation>Iniciado</translation>
    </message>
    <message>
      <source>Begun on {day}, reported by Contorno {version}</source>
      <translation>Empezado el {day}, informe de Contorno {version}</translation>
    </message>
    <message>
      <source>Being computed.</source>
      <translation>Se está calculando.</translation>
    </message>
    <message>
      <source>Being measured.</source>
      <translation>Se está midiendo.</translation>
    </message>
    <message>
      <source>Beside</source>
      <translation>Al lado</translation>
    </message>
    <message>
      <source>Best case</source>
      <translation>El mejor caso</translation>
    </message>
    <message>
      <source>Best on the validation set</source>
      <translation>La mejor en el conjunto de validación</translation>
    </message>
    <message>
      <source>Best so far: epoch {epoch}, AP50 {dice}, saved</source>
      <translation>Lo mejor hasta ahora: época {epoch}, AP50 {dice}, guardado</translation>
    </message>
    <message>
      <source>Best so far: epoch {epoch}, mean Dice {dice}, saved</source>
      <translation>Lo mejor: época {epoch}, Dice medio {dice}, guardada</translation>
    </message>
    <message>
      <source>Best so far: {network}, {settings}. {score} {value}.</source>
      <translation>El mejor hasta ahora: {network}, {settings}. {score} {value}.</translation>
    </message>
    <message>
      <source>Beyond the edge</source>
      <translation>Más allá del borde</translation>
    </message>
    <message>
      <source>Blind to neighbourhood and shift; its weights grow with the image's area.</source>
      <translation>Ciega a la vecindad y al desplazamiento; sus pesos crecen con el área de la imagen.</translation>
    </message>
    <message>
      <source>Block {number}</source>
      <translation>Bloque {number}</translation>
    </message>
    <message>
      <source>Blocks of two 3x3 convolutions whose input skips past them, and batch normalisation: gradients reach the first layer.</source>
      <translation>Bloques de dos convoluciones 3x3 que la entrada salta, y normalización por lotes: los gradientes llegan a la primera capa.</translation>
    </message>
    <message>
      <source>Bone</source>
      <translation>Hueso</translation>
    </message>
    <message>
      <source>Both</source>
      <translation>Ambos</translation>
    </message>
    <message>
      <source>Bottleneck blocks of 1x1, 3x3, 1x1 whose input skips past them, and batch normalisation: gradients reach the first layer.</source>
      <translation>Bloques con cuello de botella de 1x1, 3x3, 1x1 que la entrada salta, y normalización por lotes: los gradientes llegan a la primera capa.</translation>
    </message>
    <message>
      <source>Box and clicks</source>
      <translation>Recuadro y clics</translation>
    </message>
    <message>
      <source>Brain</source>
      <translation>Cerebro</translation>
    </message>
    <message>
      <source>Brightness</source>
      <translation>Brillo</translation>
    </message>
    <message>
      <source>Brightness and contrast. Hold W and drag to change them by hand.</source>
      <translation>Brillo y contraste. Mantenga W y arrastre para cambiarlos a mano.</translation>
    </message>
    <message>
      <source>Bring it to an item without objects.</source>
      <translation>Llévela a un elemento sin objetos.</translation>
    </message>
    <message>
      <source>Bring to 1 image</source>
      <translation>Llevar a 1 imagen</translation>
    </message>
    <message>
      <source>Bring to {count} images</source>
      <translation>Llevar a {count} imágenes</translation>
    </message>
    <message>
      <source>Bringing masks and classes…</source>
      <translation>Llevando máscaras y clases…</translation>
    </message>
    <message>
      <source>Brings what each convolution makes to mean 0 and deviation 1, so that gradients stay alive.</source>
      <translation>Lleva lo que da cada convolución a media 0 y desviación 1, y los gradientes siguen vivos.</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>Pincel</translation>
    </message>
    <message>
      <source>Brush as a ball, over several slices</source>
      <translation>Pincel como esfera, sobre varios cortes</translation>
    </message>
    <message>
      <source>Brush: ball, pen pressure, unit of the radius</source>
      <translation>Pincel: esfera, presión del lápiz, unidad del radio</translation>
    </message>
    <message>
      <source>Brush: erase; fill: empty the area</source>
      <translation>Pincel: borrar; rellenar: vaciar el área</translation>
    </message>
    <message>
      <source>By</source>
      <translation>En</translation>
    </message>
    <message>
      <source>By class</source>
      <translation>Por clase</translation>
    </message>
    <message>
      <source>By far the most weights; without pre-trained ones it hardly learns from few images.</source>
      <translation>Con mucho, la de más pesos; sin pesos preentrenados apenas aprende de pocas imágenes.</translation>
    </message>
    <message>
      <source>By the chain rule the first layer's gradient is a product with a factor for each layer behind it, and the sigmoid's derivative is at most 1/4: with 20 of them at most 1/4²⁰, about 10⁻¹², is left, times what the weights make of it.</source>
      <translation>Por la regla de la cadena, el gradiente de la primera capa es un producto con un factor por cada capa posterior, y la derivada de la sigmoide es como mucho 1/4: con 20 queda como mucho 1/4²⁰, unos 10⁻¹², multiplicado por lo que aporten los pesos.</translation>
    </message>
    <message>
      <source>By the stroke's start</source>
      <translation>Según el inicio</translation>
    </message>
    <message>
      <source>C1: 28 from 32, which kernel?</source>
      <translation>C1: 28 a partir de 32, ¿qué kernel?</translation>
    </message>
    <message>
      <source>CE + Dice</source>
      <translation>EC + Dice</translation>
    </message>
    <message>
      <source>COCO (torchvision's weights)</source>
      <translation>COCO (pesos de torchvision)</translation>
    </message>
    <message>
      <source>COCO knows pictures, and {name} is a volume.</source>
      <translation>COCO solo conoce imágenes planas, y {name} es un volumen.</translation>
    </message>
    <message>
      <source>COCO, one file with an outline for each object</source>
      <translation>COCO, un archivo con un contorno para cada objeto</translation>
    </message>
    <message>
      <source>CPU · {cores} cores</source>
      <translation>CPU · {cores} núcleos</translation>
    </message>
    <message>
      <source>CPU, {count} threads</source>
      <translation>CPU, {count} hilos</translation>
    </message>
    <message>
      <source>CT</source>
      <translation>TC</translation>
    </message>
    <message>
      <source>CT, not in HU</source>
      <translation>TC, no en HU</translation>
    </message>
    <message>
      <source>Calculator</source>
      <translation>Calculadora</translation>
    </message>
    <message>
      <source>Calibration: error {error}, Brier {brier}</source>
      <translation>Calibración: error {error}, Brier {brier}</translation>
    </message>
    <message>
      <source>Called {name} from a probability of</source>
      <translation>Se dice {name} desde una probabilidad de</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>Carried to 1 slice: a click corrects, Ctrl+Z ends it there, Enter takes all.</source>
      <translation>Llevado a 1 corte: un clic corrige, Ctrl+Z lo termina ahí, Intro toma todo.</translation>
    </message>
    <message>
      <source>Carried to {count} slices: a click corrects, Ctrl+Z ends it there, Enter takes all.</source>
      <translation>Llevado a {count} cortes: un clic corrige, Ctrl+Z lo termina ahí, Intro toma todo.</translation>
    </message>
    <message>
      <source>Carry the mask on</source>
      <translation>Llevar la máscara</translation>
    </message>
    <message>
      <source>Carry the mask on to the next slice</source>
      <translation>Llevar la máscara al corte siguiente</translation>
    </message>
    <message>
      <source>Carry the mask on to the previous slice</source>
      <translation>Llevar la máscara al corte anterior</translation>
    </message>
    <message>
      <source>Carry the outline through the slices</source>
      <translation>Llevar el contorno por los cortes</translation>
    </message>
    <message>
      <source>Case</source>
      <translation>Caso</translation>
    </message>
    <message>
      <source>Case by case</source>
      <translation>Caso a caso</translation>
    </message>
    <message>
      <source>Case {number}</source>
      <translation>Caso {number}</translation>
    </message>
    <message>
      <source>Case {number} is without pictures: {reason}</source>
      <translation>El caso {number} va sin imágenes: {reason}</translation>
    </message>
    <message>
      <source>Cases</source>
      <translation>Casos</translation>
    </message>
    <message>
      <source>Cases and recipe</source>
      <translation>Casos y receta</translation>
    </message>
    <message>
      <source>Cases by the probability of their true class</source>
      <translation>Casos según la probabilidad de su clase verdadera</translation>
    </message>
    <message>
      <source>Cases that hold the class</source>
      <translation>Casos que contienen la clase</translation>
    </message>
    <message>
      <source>Cells and nuclei, learnt on a CPU in minutes; the default for objects one by one.</source>
      <translation>Células y núcleos, aprendidos en una CPU en minutos; la elección habitual para objetos uno por uno.</translation>
    </message>
    <message>
      <source>Cells, nuclei, teeth, vertebrae: whatever is counted one by one.</source>
      <translation>Células, núcleos, dientes, vértebras: todo lo que se cuenta uno por uno.</translation>
    </message>
    <message>
      <source>Centre on the crosshair</source>
      <translation>Centrar en la cruz</translation>
    </message>
    <message>
      <source>Chance of {name}</source>
      <translation>Probabilidad de {name}</translation>
    </message>
    <message>
      <source>Change keys…</source>
      <translation>Cambiar teclas…</translation>
    </message>
    <message>
      <source>Change the class</source>
      <translation>Cambiar la clase</translation>
    </message>
    <message>
      <source>Change the colour</source>
      <translation>Cambiar el color</translation>
    </message>
    <message>
      <source>Change the networks, the values or the data.</source>
      <translation>Cambie las redes, los valores o los datos.</translation>
    </message>
    <message>
      <source>Change the stride, the padding or one of the sizes.</source>
      <translation>Cambie el paso, el relleno o uno de los tamaños.</translation>
    </message>
    <message>
      <source>Changed by hand or read from a file</source>
      <translation>Cambiada a mano o leída de un archivo</translation>
    </message>
    <message>
      <source>Channels last</source>
      <translation>Canales al final</translation>
    </message>
    <message>
      <source>Check its name, or drop it on the window.</source>
      <translation>Compruebe el nombre, o suéltelo sobre la ventana.</translation>
    </message>
    <message>
      <source>Check that both belong to the same study: their positions in millimetres do not meet.</source>
      <translation>Compruebe que ambas son del mismo estudio: sus posiciones en milímetros no coinciden.</translation>
    </message>
    <message>
      <source>Check that the file is still there.</source>
      <translation>Compruebe que el archivo sigue ahí.</translation>
    </message>
    <message>
      <source>Check that you may write in its folder, or restore it from a copy; it was not changed.</source>
      <translation>Compruebe que puede escribir en su carpeta, o restáurelo de una copia; no se cambió.</translation>
    </message>
    <message>
      <source>Check the space on the disk and the rights to its folder, then try again.</source>
      <translation>Compruebe el espacio en el disco y los permisos de su carpeta, e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Checks</source>
      <translation>Comprobaciones</translation>
    </message>
    <message>
      <source>Choose ITK-SNAP's label descriptions, a colour table or segmentation of Slicer, a dataset.json of nnU-Net or a COCO file.</source>
      <translation>Elija etiquetas de ITK-SNAP, una tabla de colores o segmentación de Slicer, un dataset.json de nnU-Net o un archivo COCO.</translation>
    </message>
    <message>
      <source>Choose a .safetensors file, or a .pth file that holds tensors only: others could run code.</source>
      <translation>Elija un archivo .safetensors, o un .pth que solo contenga tensores: otros podrían ejecutar código.</translation>
    </message>
    <message>
      <source>Choose a CSV file.</source>
      <translation>Elija un archivo CSV.</translation>
    </message>
    <message>
      <source>Choose a batch of 2 or more.</source>
      <translation>Elija un lote de 2 o más.</translation>
    </message>
    <message>
      <source>Choose a class</source>
      <translation>Elija una clase</translation>
    </message>
    <message>
      <source>Choose a class and a place, or another image.</source>
      <translation>Elija una clase y un lugar, u otra imagen.</translation>
    </message>
    <message>
      <source>Choose a class that it found, or another image.</source>
      <translation>Elija una clase que haya encontrado, u otra imagen.</translation>
    </message>
    <message>
      <source>Choose a convolutional one.</source>
      <translation>Elija una convolucional.</translation>
    </message>
    <message>
      <source>Choose a file that Contorno wrote.</source>
      <translation>Elija un archivo escrito por Contorno.</translation>
    </message>
    <message>
      <source>Choose a file that exists.</source>
      <translation>Elija un archivo que exista.</translation>
    </message>
    <message>
      <source>Choose a file that was saved from a network.</source>
      <translation>Elija un archivo guardado de una red.</translation>
    </message>
    <message>
      <source>Choose a folder</source>
      <translation>Elegir carpeta</translation>
    </message>
    <message>
      <source>Choose a folder of images</source>
      <translation>Elegir una carpeta de imágenes</translation>
    </message>
    <message>
      <source>Choose a folder whose name ends in .contorno, with a project.db in it.</source>
      <translation>Elija una carpeta cuyo nombre termine en .contorno, con un project.db dentro.</translation>
    </message>
    <message>
      <source>Choose a folder.</source>
      <translation>Elija una carpeta.</translation>
    </message>
    <message>
      <source>Choose a larger image size, or patches.</source>
      <translation>Elija un tamaño de imagen mayor, o recortes.</translation>
    </message>
    <message>
      <source>Choose a mask that holds one value per pixel.</source>
      <translation>Elija una máscara con un solo valor por píxel.</translation>
    </message>
    <message>
      <source>Choose a model.safetensors that a run wrote.</source>
      <translation>Elija un model.safetensors escrito por un entrenamiento.</translation>
    </message>
    <message>
      <source>Choose a place where you may write.</source>
      <translation>Elija un lugar donde pueda escribir.</translation>
    </message>
    <message>
      <source>Choose a place with fewer or shorter folders above it.</source>
      <translation>Elija un lugar con menos carpetas por encima, o con nombres más cortos.</translation>
    </message>
    <message>
      <source>Choose a recipe's file.</source>
      <translation>Elija el archivo de una receta.</translation>
    </message>
    <message>
      <source>Choose a region first.</source>
      <translation>Elija primero una región.</translation>
    </message>
    <message>
      <source>Choose a run of Mask R-CNN.</source>
      <translation>Elija un entrenamiento de Mask R-CNN.</translation>
    </message>
    <message>
      <source>Choose a run that classifies whole images.</source>
      <translation>Elija un entrenamiento que clasifique imágenes enteras.</translation>
    </message>
    <message>
      <source>Choose a run that segments.</source>
      <translation>Elija un entrenamiento que segmente.</translation>
    </message>
    <message>
      <source>Choose a smaller filter, more padding, or a larger image.</source>
      <translation>Elija un filtro menor, más relleno o una imagen mayor.</translation>
    </message>
    <message>
      <source>Choose a smaller image size or patch, a smaller network, or the CPU.</source>
      <translation>Elija un tamaño de imagen o parche menor, una red menor, o la CPU.</translation>
    </message>
    <message>
      <source>Choose a smaller image size, put fewer items into the training set, or close other programs.</source>
      <translation>Elija un tamaño de imagen menor, ponga menos elementos en el conjunto de entrenamiento o cierre otros programas.</translation>
    </message>
    <message>
      <source>Choose a smaller network, or the CPU.</source>
      <translation>Elija una red más pequeña o la CPU.</translation>
    </message>
    <message>
      <source>Choose a smaller network, smaller images or patches (size, patch), a smaller batch, or close other programs.</source>
      <translation>Elija una red menor, imágenes o parches menores (size, patch), un lote menor, o cierre otros programas.</translation>
    </message>
    <message>
      <source>Choose a smaller network, smaller images or patches (size, patch), or the CPU.</source>
      <translation>Elija una red menor, imágenes o parches menores (size, patch), o la CPU.</translation>
    </message>
    <message>
      <source>Choose a table of classes first.</source>
      <translation>Elija primero una tabla de clases.</translation>
    </message>
    <message>
      <source>Choose an item in the list.</source>
      <translation>Elija un elemento de la lista.</translation>
    </message>
    <message>
      <source>Choose another device, close other programs, or train a network on smaller images or patches.</source>
      <translation>Elija otro dispositivo, cierre otros programas o entrene una red con imágenes o parches más pequeños.</translation>
    </message>
    <message>
      <source>Choose another encoder, such as {default}.</source>
      <translation>Elija otro codificador, como {default}.</translation>
    </message>
    <message>
      <source>Choose another folder, or replace what was written before: --overwrite.</source>
      <translation>Elija otra carpeta, o reemplace lo que se escribió antes: --overwrite.</translation>
    </message>
    <message>
      <source>Choose another folder, or take the file away yourself.</source>
      <translation>Elija otra carpeta, o retire usted el archivo.</translation>
    </message>
    <message>
      <source>Choose another folder.</source>
      <translation>Elija otra carpeta.</translation>
    </message>
    <message>
      <source>Choose another name or folder.</source>
      <translation>Elija otro nombre u otra carpeta.</translation>
    </message>
    <message>
      <source>Choose another name, or go on with --resume.</source>
      <translation>Elija otro nombre, o siga con --resume.</translation>
    </message>
    <message>
      <source>Choose another name.</source>
      <translation>Elija otro nombre.</translation>
    </message>
    <message>
      <source>Choose another network, or use the model with Contorno.</source>
      <translation>Elija otra red o use el modelo con Contorno.</translation>
    </message>
    <message>
      <source>Choose both columns.</source>
      <translation>Elija las dos columnas.</translation>
    </message>
    <message>
      <source>Choose ce or focal.</source>
      <translation>Elija ce o focal.</translation>
    </message>
    <message>
      <source>Choose files…</source>
      <translation>Elegir archivos…</translation>
    </message>
    <message>
      <source>Choose first where the masks are.</source>
      <translation>Elija primero dónde están las máscaras.</translation>
    </message>
    <message>
      <source>Choose images</source>
      <translation>Elegir imágenes</translation>
    </message>
    <message>
      <source>Choose masks of the image's own size.</source>
      <translation>Elija máscaras del mismo tamaño que la imagen.</translation>
    </message>
    <message>
      <source>Choose none, imagenet or a .safetensors or .pth file.</source>
      <translation>Elija none, imagenet o un archivo .safetensors o .pth.</translation>
    </message>
    <message>
      <source>Choose one of its classes.</source>
      <translation>Elija una de sus clases.</translation>
    </message>
    <message>
      <source>Choose one of {names}, or the path of a recipe's file.</source>
      <translation>Elija una de {names}, o la ruta del archivo de una receta.</translation>
    </message>
    <message>
      <source>Choose one of: {choices}.</source>
      <translation>Elija uno de: {choices}.</translation>
    </message>
    <message>
      <source>Choose one of: {choices}; or any of timm's, as tu-NAME.</source>
      <translation>Elija uno de: {choices}; o cualquiera de timm, como tu-NAME.</translation>
    </message>
    <message>
      <source>Choose one of: {known}.</source>
      <translation>Elija uno de: {known}.</translation>
    </message>
    <message>
      <source>Choose one of: {tasks}.</source>
      <translation>Elija una de: {tasks}.</translation>
    </message>
    <message>
      <source>Choose single files</source>
      <translation>Elegir archivos sueltos</translation>
    </message>
    <message>
      <source>Choose the device auto or cpu; contorno doctor says what was found.</source>
      <translation>Elija el dispositivo auto o cpu; contorno doctor dice lo que se encontró.</translation>
    </message>
    <message>
      <source>Choose the encoder {built_in}, whose weights are built in, a weights file, or no weights.</source>
      <translation>Elija el codificador {built_in}, con pesos incluidos, un archivo de pesos, o ningún peso.</translation>
    </message>
    <message>
      <source>Choose the file of the images: the classes beside it come along.</source>
      <translation>Elija el archivo de las imágenes: las clases que están junto a él se incorporan también.</translation>
    </message>
    <message>
      <source>Choose the folder or the file that holds them.</source>
      <translation>Elija la carpeta o el archivo que las contiene.</translation>
    </message>
    <message>
      <source>Choose the method gradcam or saliency.</source>
      <translation>Elija el método gradcam o saliency.</translation>
    </message>
    <message>
      <source>Choose the method saliency, which suits every network.</source>
      <translation>Elija el método saliency, que sirve para cualquier red.</translation>
    </message>
    <message>
      <source>Choose the network or encoder that the file was made with.</source>
      <translation>Elija la red o el codificador con que se hizo el archivo.</translation>
    </message>
    <message>
      <source>Choose the precision auto, bfloat16 or float32.</source>
      <translation>Elija la precisión auto, bfloat16 o float32.</translation>
    </message>
    <message>
      <source>Choose the weights file again.</source>
      <translation>Elija de nuevo el archivo de pesos.</translation>
    </message>
    <message>
      <source>Choose what it has found: a place in it, its class, or another image.</source>
      <translation>Elija lo que ha encontrado: un lugar en ello, su clase, u otra imagen.</translation>
    </message>
    <message>
      <source>Choose…</source>
      <translation>Elegir…</translation>
    </message>
    <message>
      <source>Class</source>
      <translation>Clase</translation>
    </message>
    <message>
      <source>Class against all others</source>
      <translation>Clase frente a las demás</translation>
    </message>
    <message>
      <source>Class of each image</source>
      <translation>Clase de cada imagen</translation>
    </message>
    <message>
      <source>Class of objects</source>
      <translation>Clase de objetos</translation>
    </message>
    <message>
      <source>Class of the digit</source>
      <translation>Clase del dígito</translation>
    </message>
    <message>
      <source>Class of the folder {name}</source>
      <translation>Clase de la carpeta {name}</translation>
    </message>
    <message>
      <source>Class {number}</source>
      <translation>Clase {number}</translation>
    </message>
    <message>
      <source>Classes</source>
      <translation>Clases</translation>
    </message>
    <message>
      <source>Classes and boxes</source>
      <translation>Clases y recuadros</translation>
    </message>
    <message>
      <source>Classes and masks</source>
      <translation>Clases y máscaras</translation>
    </message>
    <message>
      <source>Classes and masks…</source>
      <translation>Clases y máscaras…</translation>
    </message>
    <message>
      <source>Classes called after the values; their names can be changed later</source>
      <translation>Clases con el nombre de los valores; los nombres se pueden cambiar después</translation>
    </message>
    <message>
      <source>Classes called as {file} says</source>
      <translation>Clases con los nombres de {file}</translation>
    </message>
    <message>
      <source>Classes count by their size in your mask.</source>
      <translation>Las clases cuentan según su tamaño en su máscara.</translation>
    </message>
    <message>
      <source>Classes from a file</source>
      <translation>Clases de un archivo</translation>
    </message>
    <message>
      <source>Classes have other names than in that run, and go on from what it learnt: {names}.</source>
      <translation>Hay clases con otro nombre que en aquel entrenamiento, y siguen desde lo que aprendió: {names}.</translation>
    </message>
    <message>
      <source>Classes such as left lung and right lung keep their names in mirror images, or exchange them, or none is made.</source>
      <translation>Clases como pulmón izquierdo y pulmón derecho conservan su nombre en las imágenes en espejo, o lo intercambian, o no se hace ninguna.</translation>
    </message>
    <message>
      <source>Classes were made for the categories {names}.</source>
      <translation>Se crearon clases para las categorías {names}.</translation>
    </message>
    <message>
      <source>Classes: {names}; undo leaves them in the list</source>
      <translation>Clases: {names}; al deshacer siguen en la lista</translation>
    </message>
    <message>
      <source>Classification</source>
      <translation>Clasificación</translation>
    </message>
    <message>
      <source>Classification needs at least two classes.</source>
      <translation>La clasificación necesita al menos dos clases.</translation>
    </message>
    <message>
      <source>Classification only.</source>
      <translation>Solo en clasificación.</translation>
    </message>
    <message>
      <source>Classify</source>
      <translation>Clasificar</translation>
    </message>
    <message>
      <source>Clean up</source>
      <translation>Limpiar</translation>
    </message>
    <message>
      <source>Clean up the mask first: remove the smallest islands.</source>
      <translation>Limpie antes la máscara: quite las islas más pequeñas.</translation>
    </message>
    <message>
      <source>Clean up…</source>
      <translation>Limpiar…</translation>
    </message>
    <message>
      <source>Click</source>
      <translation>Clic</translation>
    </message>
    <message>
      <source>Click a cell for its next class; with the keys: arrows, then a digit or Space</source>
      <translation>Haga clic en una celda para pasar a su clase siguiente; con el teclado: flechas y luego una cifra o Espacio</translation>
    </message>
    <message>
      <source>Click a measure to pick it, Delete deletes it</source>
      <translation>Un clic en una medida la elige, Supr la borra</translation>
    </message>
    <message>
      <source>Click a second point along the edge first.</source>
      <translation>Primero haga clic en un segundo punto del borde.</translation>
    </message>
    <message>
      <source>Click along an edge: the line clings to it</source>
      <translation>Haga clic a lo largo de un borde: la línea se pega a él</translation>
    </message>
    <message>
      <source>Click an area</source>
      <translation>Clic en un área</translation>
    </message>
    <message>
      <source>Click an area, drag up or down for more or less of it</source>
      <translation>Haga clic en una zona, arrastre arriba o abajo para abarcar más o menos</translation>
    </message>
    <message>
      <source>Click into the structure first: the right button takes away from what floods.</source>
      <translation>Primero haga clic en la estructura: el botón derecho quita de lo que se inunda.</translation>
    </message>
    <message>
      <source>Click model</source>
      <translation>Modelo de clics</translation>
    </message>
    <message>
      <source>Click points or drag</source>
      <translation>Haga clic en los puntos o arrastre</translation>
    </message>
    <message>
      <source>Click the cells. Rings mark the intersection: the same class in both. 0 is the background and is not counted.</source>
      <translation>Haga clic en las celdas. Los anillos marcan la intersección: la misma clase en ambas. El 0 es el fondo y no se cuenta.</translation>
    </message>
    <message>
      <source>Click three points at least first.</source>
      <translation>Primero haga clic en tres puntos como mínimo.</translation>
    </message>
    <message>
      <source>Click to rename</source>
      <translation>Clic para cambiar el nombre</translation>
    </message>
    <message>
      <source>Click to see it large.</source>
      <translation>Clic para verla en grande.</translation>
    </message>
    <message>
      <source>Click: open it in Review</source>
      <translation>Clic: abrirlo en Revisar</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Cerrar</translation>
    </message>
    <message>
      <source>Close it in the other window first, then open it again.</source>
      <translation>Ciérrelo antes en la otra ventana y ábralo de nuevo.</translation>
    </message>
    <message>
      <source>Close it there first, or open it here to read only.</source>
      <translation>Ciérrelo allí primero, o ábralo aquí solo para lectura.</translation>
    </message>
    <message>
      <source>Close other programs, or choose a smaller image size.</source>
      <translation>Cierre otros programas, o elija un tamaño de imagen menor.</translation>
    </message>
    <message>
      <source>Close other programs, then try again.</source>
      <translation>Cierre otros programas e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Close project</source>
      <translation>Cerrar proyecto</translation>
    </message>
    <message>
      <source>Close the polygon or live-wire and paint it</source>
      <translation>Cerrar el polígono o lazo magnético y pintarlo</translation>
    </message>
    <message>
      <source>Close the polygon or live-wire; paint a closed polygon</source>
      <translation>Cerrar el polígono o lazo magnético; pintar un polígono cerrado</translation>
    </message>
    <message>
      <source>Coarse: outlines come from scores 32 px apart. 134 million weights without batch normalisation: wants ImageNet weights.</source>
      <translation>Tosca: los contornos salen de puntuaciones separadas 32 px. 134 millones de pesos sin normalización por lotes: pide pesos de ImageNet.</translation>
    </message>
    <message>
      <source>Coarser outlines than the U-Net's.</source>
      <translation>Contornos más gruesos que los de la U-Net.</translation>
    </message>
    <message>
      <source>Code in a terminology…</source>
      <translation>Código en una terminología…</translation>
    </message>
    <message>
      <source>Code of {name}</source>
      <translation>Código de {name}</translation>
    </message>
    <message>
      <source>Colour image, {width} × {height}</source>
      <translation>Imagen en color, {width} × {height}</translation>
    </message>
    <message>
      <source>Colour jitter</source>
      <translation>Vibración de color</translation>
    </message>
    <message>
      <source>Colour of the class</source>
      <translation>Color de la clase</translation>
    </message>
    <message>
      <source>Colour of {bits} bits was narrowed to 8.</source>
      <translation>El color de {bits} bits se redujo a 8.</translation>
    </message>
    <message>
      <source>Colour of {name}</source>
      <translation>Color de {name}</translation>
    </message>
    <message>
      <source>Colours stored as decimal numbers from 0 to {white:.0f} were rounded to 8 bits.</source>
      <translation>Los colores guardados como decimales de 0 a {white:.0f} se redondearon a 8 bits.</translation>
    </message>
    <message>
      <source>Column</source>
      <translation>Columna</translation>
    </message>
    <message>
      <source>Columns of the table</source>
      <translation>Columnas de la tabla</translation>
    </message>
    <message>
      <source>Comma and full stop go through the differences</source>
      <translation>La coma y el punto recorren las diferencias</translation>
    </message>
    <message>
      <source>Command</source>
      <translation>Orden</translation>
    </message>
    <message>
      <source>Commands</source>
      <translation>Órdenes</translation>
    </message>
    <message>
      <source>Compare</source>
      <translation>Comparar</translation>
    </message>
    <message>
      <source>Compare architectures</source>
      <translation>Comparar arquitecturas</translation>
    </message>
    <message>
      <source>Compare in detail</source>
      <translation>Comparar en detalle</translation>
    </message>
    <message>
      <source>Compare masks of the same size.</source>
      <translation>Compare máscaras del mismo tamaño.</translation>
    </message>
    <message>
      <source>Compare masks with at most 254 classes.</source>
      <translation>Compare máscaras con un máximo de 254 clases.</translation>
    </message>
    <message>
      <source>Compare networks</source>
      <translation>Comparar redes</translation>
    </message>
    <message>
      <source>Compare with</source>
      <translation>Comparar con</translation>
    </message>
    <message>
      <source>Compare with…</source>
      <translation>Comparar con…</translation>
    </message>
    <message>
      <source>Compared where all trials stand, at the first rung. Importance: the setting's share in whether a trial is among the best third.</source>
      <translation>Comparados donde están todos los ensayos, en el primer peldaño. Importancia: la parte del ajuste en que un ensayo esté en el mejor tercio.</translation>
    </message>
    <message>
      <source>Compares networks and values of their settings under one budget of minutes.</source>
      <translation>Compara redes y valores de sus ajustes con un mismo tiempo en minutos.</translation>
    </message>
    <message>
      <source>Confidence</source>
      <translation>Confianza</translation>
    </message>
    <message>
      <source>Confusion matrix</source>
      <translation>Matriz de confusión</translation>
    </message>
    <message>
      <source>Connected parts</source>
      <translation>Partes conexas</translation>
    </message>
    <message>
      <source>Contrast</source>
      <translation>Contraste</translation>
    </message>
    <message>
      <source>Contrast agent</source>
      <translation>Contraste yodado</translation>
    </message>
    <message>
      <source>Convert it to one .nii or .nii.gz file.</source>
      <translation>Conviértalo en un solo archivo .nii o .nii.gz.</translation>
    </message>
    <message>
      <source>Convolutions with holes at several rates see far without shrinking the maps.</source>
      <translation>Convoluciones con huecos a varias tasas ven lejos sin encoger los mapas.</translation>
    </message>
    <message>
      <source>Convolutions, then layers that look at everything: LeNet-5, AlexNet, VGG, ResNet.</source>
      <translation>Convoluciones y después capas que lo miran todo: LeNet-5, AlexNet, VGG, ResNet.</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>Copiar</translation>
    </message>
    <message>
      <source>Copy and carry slices, fill between them, clean up</source>
      <translation>Copiar y llevar cortes, rellenar entre ellos, limpiar</translation>
    </message>
    <message>
      <source>Copy as CSV</source>
      <translation>Copiar como CSV</translation>
    </message>
    <message>
      <source>Copy it again from where it came: the copy was cut off.</source>
      <translation>Cópielo de nuevo desde su origen: la copia se interrumpió.</translation>
    </message>
    <message>
      <source>Copy of slice {number}</source>
      <translation>Copia del corte {number}</translation>
    </message>
    <message>
      <source>Copy or export it again from where it came.</source>
      <translation>Cópielo o expórtelo de nuevo desde su origen.</translation>
    </message>
    <message>
      <source>Copy report</source>
      <translation>Copiar informe</translation>
    </message>
    <message>
      <source>Copy the mask to the next slice</source>
      <translation>Copiar la máscara al corte siguiente</translation>
    </message>
    <message>
      <source>Copy the mask to the previous slice</source>
      <translation>Copiar la máscara al corte anterior</translation>
    </message>
    <message>
      <source>Copy the slice's mask</source>
      <translation>Copiar la máscara del corte</translation>
    </message>
    <message>
      <source>Copy the versions</source>
      <translation>Copiar versiones</translation>
    </message>
    <message>
      <source>Coronal</source>
      <translation>Coronal</translation>
    </message>
    <message>
      <source>Correct in Label</source>
      <translation>Corregir en Etiquetar</translation>
    </message>
    <message>
      <source>Costly at this depth, and needs more data.</source>
      <translation>Costosa a esta profundidad, y necesita más datos.</translation>
    </message>
    <message>
      <source>Counted from the network as it is built here, for one image of that input.</source>
      <translation>Contadas en la red como está construida aquí, para una imagen de esa entrada.</translation>
    </message>
    <message>
      <source>Counted from the network as it is built here: convolutions and fully connected layers.</source>
      <translation>Contadas en la red como está construida aquí: convoluciones y capas totalmente conectadas.</translation>
    </message>
    <message>
      <source>Counted from the network as it is built here; tests compare it with the paper.</source>
      <translation>Contados en la red como está construida aquí; las pruebas los comparan con el artículo.</translation>
    </message>
    <message>
      <source>Counted from the networks as they are built here. Top-5 error: ImageNet contest entries, several networks together, where nothing else is said.</source>
      <translation>Contado en las redes tal como se construyen aquí. Error top-5: envíos al concurso ImageNet, varias redes juntas, si no se dice otra cosa.</translation>
    </message>
    <message>
      <source>Counted, class by class</source>
      <translation>Contado, clase por clase</translation>
    </message>
    <message>
      <source>Counting the shapes…</source>
      <translation>Contando las formas…</translation>
    </message>
    <message>
      <source>Counting the values of the masks…</source>
      <translation>Contando los valores de las máscaras…</translation>
    </message>
    <message>
      <source>Counting weights</source>
      <translation>Contando los pesos</translation>
    </message>
    <message>
      <source>Covers one part after the other and looks how far the answer falls: slow, needs no gradient, suits every network.</source>
      <translation>Tapa una parte tras otra y mira cuánto baja la respuesta: lento, no necesita gradientes, sirve para toda red.</translation>
    </message>
    <message>
      <source>Create</source>
      <translation>Crear</translation>
    </message>
    <message>
      <source>Crop the image before labelling it.</source>
      <translation>Recorte la imagen antes de etiquetarla.</translation>
    </message>
    <message>
      <source>Cross-entropy</source>
      <translation>Entropía cruzada</translation>
    </message>
    <message>
      <source>Cross-entropy + Dice</source>
      <translation>Entropía cruzada + Dice</translation>
    </message>
    <message>
      <source>Cross-entropy of the classes.</source>
      <translation>Entropía cruzada de las clases.</translation>
    </message>
    <message>
      <source>Cross-entropy of the pixels, the Dice loss, or both.</source>
      <translation>Entropía cruzada de los píxeles, la pérdida Dice, o ambas.</translation>
    </message>
    <message>
      <source>Cross-entropy plus Dice loss: steady, and rare classes count. The default.</source>
      <translation>Entropía cruzada más pérdida de Dice: estable, y las clases raras cuentan. La opción por defecto.</translation>
    </message>
    <message>
      <source>Cross-entropy: each pixel, or image, counts alike.</source>
      <translation>Entropía cruzada: cada píxel, o imagen, cuenta igual.</translation>
    </message>
    <message>
      <source>Cross-entropy: −({right}·ln {sure} + {wrong}·ln {rest}) / {n} = {value}</source>
      <translation>Entropía cruzada: −({right}·ln {sure} + {wrong}·ln {rest}) / {n} = {value}</translation>
    </message>
    <message>
      <source>Ctrl + Shift + click</source>
      <translation>Ctrl + Mayús + clic</translation>
    </message>
    <message>
      <source>Ctrl + Shift + drag</source>
      <translation>Ctrl + Mayús + arrastrar</translation>
    </message>
    <message>
      <source>Ctrl + Shift + move</source>
      <translation>Ctrl + Mayús + mover</translation>
    </message>
    <message>
      <source>Ctrl + click</source>
      <translation>Ctrl + clic</translation>
    </message>
    <message>
      <source>Ctrl + click: the prediction's part</source>
      <translation>Ctrl + clic: la parte de la predicción</translation>
    </message>
    <message>
      <source>Ctrl + drag</source>
      <translation>Ctrl + arrastrar</translation>
    </message>
    <message>
      <source>Ctrl + wheel</source>
      <translation>Ctrl + rueda</translation>
    </message>
    <message>
      <source>Ctrl erases</source>
      <translation>Ctrl borra</translation>
    </message>
    <message>
      <source>Ctrl paints</source>
      <translation>Ctrl pinta</translation>
    </message>
    <message>
      <source>Ctrl+Enter approves</source>
      <translation>Ctrl+Intro aprueba</translation>
    </message>
    <message>
      <source>Cut it into smaller parts or open it on a computer with more memory, if the size is true.</source>
      <translation>Córtelo en partes menores o ábralo en un equipo con más memoria, si el tamaño es cierto.</translation>
    </message>
    <message>
      <source>Cut the image into parts.</source>
      <translation>Divida la imagen en partes.</translation>
    </message>
    <message>
      <source>Cut through all slices</source>
      <translation>Borrado en todos los cortes</translation>
    </message>
    <message>
      <source>Cutout</source>
      <translation>Recortar</translation>
    </message>
    <message>
      <source>Cuts up to {count} likely boxes out of the maps, brings each to {n} × {n}, and says its class and its exact box.</source>
      <translation>Recorta de los mapas hasta {count} recuadros probables, lleva cada uno a {n} × {n} y dice su clase y su recuadro exacto.</translation>
    </message>
    <message>
      <source>Cuts up to {count} objects out of the maps, and draws a mask of {n} × {n} px in each.</source>
      <translation>Recorta de los mapas hasta {count} objetos y dibuja en cada uno una máscara de {n} × {n} px.</translation>
    </message>
    <message>
      <source>D next</source>
      <translation>D siguiente</translation>
    </message>
    <message>
      <source>DICOM, NIfTI, NRRD, PNG, JPEG, TIFF: a folder becomes a project.</source>
      <translation>DICOM, NIfTI, NRRD, PNG, JPEG, TIFF: una carpeta se vuelve un proyecto.</translation>
    </message>
    <message>
      <source>Dark</source>
      <translation>Oscuro</translation>
    </message>
    <message>
      <source>Dark suits a reading room.</source>
      <translation>El oscuro va bien en una sala de lectura.</translation>
    </message>
    <message>
      <source>Data</source>
      <translation>Datos</translation>
    </message>
    <message>
      <source>Data set</source>
      <translation>Datos</translation>
    </message>
    <message>
      <source>Decoder</source>
      <translation>Decodificador</translation>
    </message>
    <message>
      <source>Decoder, full size</source>
      <translation>Decodificador, tamaño completo</translation>
    </message>
    <message>
      <source>Decoder, stage {number}</source>
      <translation>Decodificador, etapa {number}</translation>
    </message>
    <message>
      <source>Decoder, {share} of the side</source>
      <translation>Decodificador, {share} del lado</translation>
    </message>
    <message>
      <source>Deep convolutional network</source>
      <translation>Red convolucional profunda</translation>
    </message>
    <message>
      <source>Deep convolutional network of bottlenecks turned inside out</source>
      <translation>Red convolucional profunda de cuellos de botella invertidos</translation>
    </message>
    <message>
      <source>Deep residual network: for much data.</source>
      <translation>Red residual profunda: para muchos datos.</translation>
    </message>
    <message>
      <source>DeepLabV3 with a small decoder that takes fine maps back in, and separable convolutions.</source>
      <translation>DeepLabV3 con un pequeño decodificador que recupera los mapas finos, y convoluciones separables.</translation>
    </message>
    <message>
      <source>Deeper than any before, trained on graphics cards; ReLU against vanishing gradients, dropout against overfitting.</source>
      <translation>Más profunda que las anteriores, entrenada en tarjetas gráficas; ReLU contra el desvanecimiento del gradiente, dropout contra el sobreajuste.</translation>
    </message>
    <message>
      <source>Delete objects</source>
      <translation>Eliminar objetos</translation>
    </message>
    <message>
      <source>Delete or merge some first.</source>
      <translation>Elimine o una algunos antes.</translation>
    </message>
    <message>
      <source>Delete the measure</source>
      <translation>Borrar la medida</translation>
    </message>
    <message>
      <source>Delete the objects</source>
      <translation>Eliminar los objetos</translation>
    </message>
    <message>
      <source>Detector with a mask in each box</source>
      <translation>Detector con una máscara en cada caja</translation>
    </message>
    <message>
      <source>Develop it with a program for photographs, and save it as TIFF or PNG.</source>
      <translation>Revélelo con un programa de fotografía y guárdelo como TIFF o PNG.</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>Dispositivo</translation>
    </message>
    <message>
      <source>Dice</source>
      <translation>Dice</translation>
    </message>
    <message>
      <source>Dice against prediction</source>
      <translation>Dice con predicción</translation>
    </message>
    <message>
      <source>Dice against the prediction: {score}</source>
      <translation>Dice frente a la predicción: {score}</translation>
    </message>
    <message>
      <source>Dice and IoU of each class and their mean, distances between the borders; AP for objects.</source>
      <translation>Dice e IoU de cada clase y su media, distancias entre los bordes; AP para objetos.</translation>
    </message>
    <message>
      <source>Dice by hand</source>
      <translation>Dice a mano</translation>
    </message>
    <message>
      <source>Dice by hand…</source>
      <translation>Dice a mano…</translation>
    </message>
    <message>
      <source>Dice in the list</source>
      <translation>Dice en la lista</translation>
    </message>
    <message>
      <source>Dice loss: 0, since the truth holds no class.</source>
      <translation>Pérdida Dice: 0, ya que la real no tiene ninguna clase.</translation>
    </message>
    <message>
      <source>Dice loss: 1 − {inner} = {value}</source>
      <translation>Pérdida Dice: 1 − {inner} = {value}</translation>
    </message>
    <message>
      <source>Dice loss: the overlap of each class counts alike; unsteady on tiny structures.</source>
      <translation>Pérdida de Dice: el solape de cada clase cuenta igual; inestable con estructuras diminutas.</translation>
    </message>
    <message>
      <source>Dice of the cases</source>
      <translation>Dice de los casos</translation>
    </message>
    <message>
      <source>Dice of the classes in this set</source>
      <translation>Dice de las clases en este conjunto</translation>
    </message>
    <message>
      <source>Dice per object</source>
      <translation>Dice por objeto</translation>
    </message>
    <message>
      <source>Dice {before} → {after}</source>
      <translation>Dice {before} → {after}</translation>
    </message>
    <message>
      <source>Dice {difference} against {run}, case by case; 95 % interval {low} to {high} (n = {n}, patients: {groups})</source>
      <translation>Dice {difference} frente a {run}, caso por caso; intervalo del 95 % de {low} a {high} (n = {n}, pacientes: {groups})</translation>
    </message>
    <message>
      <source>Dice {difference} against {run}, n = {n}</source>
      <translation>Dice {difference} frente a {run}, n = {n}</translation>
    </message>
    <message>
      <source>Dice {value}</source>
      <translation>Dice {value}</translation>
    </message>
    <message>
      <source>Dice: mean of the classes</source>
      <translation>Dice: media de las clases</translation>
    </message>
    <message>
      <source>Dice: {name}</source>
      <translation>Dice: {name}</translation>
    </message>
    <message>
      <source>Differences answered</source>
      <translation>Diferencias resueltas</translation>
    </message>
    <message>
      <source>Differences that are smaller are folded away and need no answer</source>
      <translation>Las diferencias menores se pliegan y no piden respuesta</translation>
    </message>
    <message>
      <source>Difficulty</source>
      <translation>Dificultad</translation>
    </message>
    <message>
      <source>Difficulty: {name}</source>
      <translation>Dificultad: {name}</translation>
    </message>
    <message>
      <source>Dilation</source>
      <translation>Dilatación</translation>
    </message>
    <message>
      <source>Distance</source>
      <translation>Distancia</translation>
    </message>
    <message>
      <source>Distance of the voxels across, down and between slices, as the file says it</source>
      <translation>Distancia de los vóxeles a lo ancho, a lo alto y entre cortes, tal como la da el archivo</translation>
    </message>
    <message>
      <source>Distance, angle, values in a region</source>
      <translation>Distancia, ángulo, valores en una región</translation>
    </message>
    <message>
      <source>Distances are measured where all slices are labelled: the end of the labels is no surface.</source>
      <translation>Las distancias se miden donde todos los cortes están etiquetados: donde acaban las etiquetas no hay una superficie.</translation>
    </message>
    <message>
      <source>Distances are over {known} of {count} classes; in one of the masks alone: {names}</source>
      <translation>Las distancias abarcan {known} de {count} clases; en una sola de las máscaras: {names}</translation>
    </message>
    <message>
      <source>Distances from the image's mean grey times 1 plus this share.</source>
      <translation>Distancias al gris medio de la imagen por 1 más esta parte.</translation>
    </message>
    <message>
      <source>Divide</source>
      <translation>Repartir</translation>
    </message>
    <message>
      <source>Divide as the folders say</source>
      <translation>Repartir como dicen las carpetas</translation>
    </message>
    <message>
      <source>Divide by item</source>
      <translation>Repartir por elemento</translation>
    </message>
    <message>
      <source>Divide by patient {train} / {val} / {test}</source>
      <translation>Repartir por paciente {train} / {val} / {test}</translation>
    </message>
    <message>
      <source>Divide into sets</source>
      <translation>Repartir en conjuntos</translation>
    </message>
    <message>
      <source>Divide the items into sets</source>
      <translation>Dividir los elementos en conjuntos</translation>
    </message>
    <message>
      <source>Divide the items into sets in the Data tab.</source>
      <translation>Reparta los elementos en conjuntos en la pestaña Datos.</translation>
    </message>
    <message>
      <source>Divide the rest</source>
      <translation>Repartir el resto</translation>
    </message>
    <message>
      <source>Divided by item: a patient may stand in two sets.</source>
      <translation>Repartido por elemento: un paciente puede estar en dos conjuntos.</translation>
    </message>
    <message>
      <source>Divider between mask and prediction</source>
      <translation>Divisor entre máscara y predicción</translation>
    </message>
    <message>
      <source>Dividing by the folders</source>
      <translation>Repartiendo según las carpetas</translation>
    </message>
    <message>
      <source>Do what the tool in hand does</source>
      <translation>Usar la herramienta elegida</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>Hechos</translation>
    </message>
    <message>
      <source>Double click</source>
      <translation>Doble clic</translation>
    </message>
    <message>
      <source>Drag</source>
      <translation>Arrastrar</translation>
    </message>
    <message>
      <source>Drag a box around it, then click</source>
      <translation>Arrastre un recuadro alrededor y haga clic</translation>
    </message>
    <message>
      <source>Drag a box around the structure first, then click to correct.</source>
      <translation>Primero arrastre un recuadro alrededor de la estructura y luego haga clic para corregir.</translation>
    </message>
    <message>
      <source>Drag a line right across an object</source>
      <translation>Trace una línea de lado a lado de un objeto</translation>
    </message>
    <message>
      <source>Drag across for contrast, up or down for brightness</source>
      <translation>Arrastre a los lados para el contraste, arriba o abajo para el brillo</translation>
    </message>
    <message>
      <source>Drag across the scan</source>
      <translation>Arrastre a lo ancho de la imagen</translation>
    </message>
    <message>
      <source>Drag for the window of this item alone; wheel, Ctrl+wheel and the middle button move both</source>
      <translation>Arrastre para la ventana solo de este elemento; la rueda, Ctrl+rueda y el botón central mueven los dos</translation>
    </message>
    <message>
      <source>Drag from corner to corner</source>
      <translation>Arrastrar de esquina a esquina</translation>
    </message>
    <message>
      <source>Drag its points</source>
      <translation>Arrastre sus puntos</translation>
    </message>
    <message>
      <source>Drag one leg, then click the end of the other</source>
      <translation>Arrastre un lado y haga clic en el extremo del otro</translation>
    </message>
    <message>
      <source>Drag to move</source>
      <translation>Arrastrar para mover</translation>
    </message>
    <message>
      <source>Drag with Ctrl to erase with this tool.</source>
      <translation>Arrastre con Ctrl para borrar con esta herramienta.</translation>
    </message>
    <message>
      <source>Drag, or click the ends</source>
      <translation>Arrastre, o haga clic en los extremos</translation>
    </message>
    <message>
      <source>Drag, then click</source>
      <translation>Arrastrar y luego hacer clic</translation>
    </message>
    <message>
      <source>Drag, with Move and where nothing is painted: zoom</source>
      <translation>Arrastrar, con Mover y donde no se pinta: ampliar</translation>
    </message>
    <message>
      <source>Draw anew</source>
      <translation>Sortear de nuevo</translation>
    </message>
    <message>
      <source>Draw around it: it closes on release</source>
      <translation>Dibujar alrededor: se cierra al soltar</translation>
    </message>
    <message>
      <source>Draw it right across, from outside to outside.</source>
      <translation>Trácela de lado a lado, de fuera a fuera.</translation>
    </message>
    <message>
      <source>Drawbacks</source>
      <translation>Desventajas</translation>
    </message>
    <message>
      <source>Drawings ({pattern})</source>
      <translation>Dibujos ({pattern})</translation>
    </message>
    <message>
      <source>Drop  Esc</source>
      <translation>Descartar  Esc</translation>
    </message>
    <message>
      <source>Drop images for a new project, or a project to open it</source>
      <translation>Suelte imágenes para un proyecto nuevo, o un proyecto para abrirlo</translation>
    </message>
    <message>
      <source>Drop images here</source>
      <translation>Suelte aquí las imágenes</translation>
    </message>
    <message>
      <source>Drop images to add them to {name}, or a project to open it</source>
      <translation>Suelte imágenes para añadirlas a {name}, o un proyecto para abrirlo</translation>
    </message>
    <message>
      <source>Drop more files here or</source>
      <translation>Suelte aquí más archivos o</translation>
    </message>
    <message>
      <source>Drop the polygon or the stroke under the pen</source>
      <translation>Descartar el polígono o el trazo en curso</translation>
    </message>
    <message>
      <source>Dropout</source>
      <translation>Dropout</translation>
    </message>
    <message>
      <source>Each connected part of a class is learnt as one object: what touches counts as one.</source>
      <translation>Cada parte conexa de una clase se aprende como un objeto: lo que se toca cuenta como uno.</translation>
    </message>
    <message>
      <source>Each connected part of the prediction is an object: what touches is one. It is kept with the run: choose by the validation set.</source>
      <translation>Cada parte conexa de la predicción es un objeto: lo que se toca es uno solo. Se guarda con el entrenamiento: elija por el conjunto de validación.</translation>
    </message>
    <message>
      <source>Each mask file holds one class: they were laid over each other in this order: {names}.</source>
      <translation>Cada archivo de máscara contiene una clase: se superpusieron en este orden: {names}.</translation>
    </message>
    <message>
      <source>Each object</source>
      <translation>Cada objeto</translation>
    </message>
    <message>
      <source>Each of its values sees its region, and what the maps there see around it.</source>
      <translation>Cada uno de sus valores ve su región y lo que los mapas ven allí alrededor.</translation>
    </message>
    <message>
      <source>Each of its values sees the whole image.</source>
      <translation>Cada uno de sus valores ve la imagen entera.</translation>
    </message>
    <message>
      <source>Each of its values sees {n} × {n} px of the image.</source>
      <translation>Cada uno de sus valores ve {n} × {n} px de la imagen.</translation>
    </message>
    <message>
      <source>Each of the {images} training images is seen about {passes:.1f} times: more minutes would help most.</source>
      <translation>Cada una de las {images} imágenes de entrenamiento se ve unas {passes:.1f} veces: lo que más ayudaría son más minutos.</translation>
    </message>
    <message>
      <source>Each slice has a series UID of its own; they were joined by their places and numbers.</source>
      <translation>Cada corte tiene un UID de serie propio; se han unido por sus posiciones y números.</translation>
    </message>
    <message>
      <source>Each slice has a series and a study UID of its own; they were joined by their patient, places and numbers.</source>
      <translation>Cada corte tiene un UID de serie y de estudio propios; se han unido por su paciente, sus posiciones y sus números.</translation>
    </message>
    <message>
      <source>Each slice is seen together with the one before and the one after it.</source>
      <translation>Cada corte se ve junto con el anterior y el siguiente.</translation>
    </message>
    <message>
      <source>Earlier</source>
      <translation>Anterior</translation>
    </message>
    <message>
      <source>Earlier run</source>
      <translation>Anterior</translation>
    </message>
    <message>
      <source>Easy</source>
      <translation>Fácil</translation>
    </message>
    <message>
      <source>Edit</source>
      <translation>Edición</translation>
    </message>
    <message>
      <source>EfficientNet-Lite0, whose weights are built in: useful where masks are few.</source>
      <translation>EfficientNet-Lite0, con pesos incluidos: útil cuando hay pocas máscaras.</translation>
    </message>
    <message>
      <source>Either image or mask has no place in the patient: the mask was laid on voxel by voxel, as stored.</source>
      <translation>La imagen o la máscara no indica su posición en el paciente: la máscara se colocó vóxel a vóxel, tal como está guardada.</translation>
    </message>
    <message>
      <source>Elastic</source>
      <translation>Elástica</translation>
    </message>
    <message>
      <source>Ellipse</source>
      <translation>Elipse</translation>
    </message>
    <message>
      <source>Elliptical region</source>
      <translation>Región elíptica</translation>
    </message>
    <message>
      <source>Empty the queue</source>
      <translation>Vaciar la cola</translation>
    </message>
    <message>
      <source>Encoder</source>
      <translation>Codificador</translation>
    </message>
    <message>
      <source>Encoder and decoder mirror each other, and every level hands its maps across by concatenation; here with padded convolutions and batch normalisation.</source>
      <translation>Codificador y decodificador se reflejan, y cada nivel pasa sus mapas al otro lado por concatenación; aquí con convoluciones con relleno y normalización por lotes.</translation>
    </message>
    <message>
      <source>Encoder and decoder with skip connections</source>
      <translation>Codificador y decodificador con conexiones de salto</translation>
    </message>
    <message>
      <source>Encoder and decoder with skip connections and attention</source>
      <translation>Codificador y decodificador con conexiones de salto y atención</translation>
    </message>
    <message>
      <source>Encoder and decoder without maps handed across</source>
      <translation>Codificador y decodificador sin paso de mapas</translation>
    </message>
    <message>
      <source>Encoder and decoder: U-Net, FCN, SegNet, DeepLab, transformers; Mask R-CNN for objects.</source>
      <translation>Codificador y decodificador: U-Net, FCN, SegNet, DeepLab, transformers; Mask R-CNN para objetos.</translation>
    </message>
    <message>
      <source>Encoder of convolutions with holes</source>
      <translation>Codificador de convoluciones con huecos</translation>
    </message>
    <message>
      <source>Encoder with a pyramid of maps</source>
      <translation>Codificador con una pirámide de mapas</translation>
    </message>
    <message>
      <source>Encoder's rate</source>
      <translation>Tasa del codificador</translation>
    </message>
    <message>
      <source>Encoder, full size</source>
      <translation>Codificador, tamaño completo</translation>
    </message>
    <message>
      <source>Encoder, {share} of the side</source>
      <translation>Codificador, {share} del lado</translation>
    </message>
    <message>
      <source>Enter closes</source>
      <translation>Intro cierra</translation>
    </message>
    <message>
      <source>Enter keeps the reason and goes on to the next case</source>
      <translation>Intro guarda el motivo y pasa al caso siguiente</translation>
    </message>
    <message>
      <source>Enter opens an item</source>
      <translation>Intro abre un elemento</translation>
    </message>
    <message>
      <source>Enter paints it</source>
      <translation>Intro lo pinta</translation>
    </message>
    <message>
      <source>Enter takes it</source>
      <translation>Intro lo toma</translation>
    </message>
    <message>
      <source>Enter takes it, with Shift around what is painted</source>
      <translation>Intro lo toma, con Mayús alrededor de lo pintado</translation>
    </message>
    <message>
      <source>Epoch</source>
      <translation>Época</translation>
    </message>
    <message>
      <source>Epoch {epoch}</source>
      <translation>Época {epoch}</translation>
    </message>
    <message>
      <source>Epoch {epoch} is saved.</source>
      <translation>La época {epoch} está guardada.</translation>
    </message>
    <message>
      <source>Epochs</source>
      <translation>Épocas</translation>
    </message>
    <message>
      <source>Erase while painting, paint while erasing</source>
      <translation>Borrar al pintar, pintar al borrar</translation>
    </message>
    <message>
      <source>Eraser</source>
      <translation>Borrador</translation>
    </message>
    <message>
      <source>Eraser through all slices</source>
      <translation>Goma en todos los cortes</translation>
    </message>
    <message>
      <source>Errors</source>
      <translation>Errores</translation>
    </message>
    <message>
      <source>Esc drops all</source>
      <translation>Esc quita todo</translation>
    </message>
    <message>
      <source>Esc drops it</source>
      <translation>Esc la descarta</translation>
    </message>
    <message>
      <source>Every case of this list is reviewed.</source>
      <translation>Todos los casos de esta lista están revisados.</translation>
    </message>
    <message>
      <source>Every image has a class.</source>
      <translation>Todas las imágenes tienen clase.</translation>
    </message>
    <message>
      <source>Every layer sees all before it: few weights, much memory.</source>
      <translation>Cada capa ve todas las anteriores: pocos pesos, mucha memoria.</translation>
    </message>
    <message>
      <source>Every stroke is saved when the pen is lifted. Nothing is left to save.</source>
      <translation>Cada trazo se guarda al levantar el lápiz. No queda nada por guardar.</translation>
    </message>
    <message>
      <source>Every ticked network is trained with these settings, or is being.</source>
      <translation>Cada red marcada ya se entrenó con estos ajustes, o se está entrenando.</translation>
    </message>
    <message>
      <source>Every trial, what mattered and all of the winner, as a page that opens offline</source>
      <translation>Cada ensayo, qué importó y todo sobre el ganador, en una página que se abre sin conexión</translation>
    </message>
    <message>
      <source>Every unit sees every value before it; the last layer has a unit a class.</source>
      <translation>Cada unidad ve todos los valores anteriores; la última capa tiene una unidad por clase.</translation>
    </message>
    <message>
      <source>Everything</source>
      <translation>Todo</translation>
    </message>
    <message>
      <source>Example</source>
      <translation>Ejemplo</translation>
    </message>
    <message>
      <source>Exchange bright and dark</source>
      <translation>Intercambiar claro y oscuro</translation>
    </message>
    <message>
      <source>Explain here</source>
      <translation>Explicar aquí</translation>
    </message>
    <message>
      <source>Explaining {run}</source>
      <translation>Explicando {run}</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>Exportar</translation>
    </message>
    <message>
      <source>Export it again from where it came.</source>
      <translation>Expórtelo de nuevo desde su origen.</translation>
    </message>
    <message>
      <source>Export it again in red, green and blue (RGB).</source>
      <translation>Expórtelo de nuevo en rojo, verde y azul (RGB).</translation>
    </message>
    <message>
      <source>Export it again without compression.</source>
      <translation>Expórtelo de nuevo sin compresión.</translation>
    </message>
    <message>
      <source>Export it as NIfTI.</source>
      <translation>Expórtelo como NIfTI.</translation>
    </message>
    <message>
      <source>Export it as PNG.</source>
      <translation>Expórtelo como PNG.</translation>
    </message>
    <message>
      <source>Export model</source>
      <translation>Exportar modelo</translation>
    </message>
    <message>
      <source>Exporting</source>
      <translation>Exportando</translation>
    </message>
    <message>
      <source>Export…</source>
      <translation>Exportar…</translation>
    </message>
    <message>
      <source>F1 and what became of the objects: at IoU 0.5. AP: the mean over IoU 0.5 to 0.95, as COCO takes it. Dice per object: with the one that overlaps it most; the Dice above is of pixels, whatever object they belong to. 95 %: from 500 draws of patients.</source>
      <translation>F1 y qué fue de los objetos: con IoU 0,5. AP: la media sobre IoU de 0,5 a 0,95, como la toma COCO. Dice por objeto: con el que más se solapa; el Dice de arriba es de píxeles, sean del objeto que sean. 95 %: de 500 sorteos de pacientes.</translation>
    </message>
    <message>
      <source>F1 of the objects</source>
      <translation>F1 de los objetos</translation>
    </message>
    <message>
      <source>F1 of the objects: {parts:.3f} by connected parts, {watershed:.3f} by the watershed.</source>
      <translation>F1 de los objetos: {parts:.3f} por partes conexas, {watershed:.3f} por cuencas.</translation>
    </message>
    <message>
      <source>F1 of the objects: {parts} by connected parts, {watershed} by the watershed ({difference}).</source>
      <translation>F1 de los objetos: {parts} por partes conexas, {watershed} por cuencas ({difference}).</translation>
    </message>
    <message>
      <source>FC1 meets {sum} = {values} values.</source>
      <translation>FC1 recibe {sum} = {values} valores.</translation>
    </message>
    <message>
      <source>FCN-16s with the scores of the third pooling added too: coarse scores say what, fine ones where.</source>
      <translation>FCN-16s con las puntuaciones del tercer agrupamiento también: las toscas dicen qué, las finas dónde.</translation>
    </message>
    <message>
      <source>FCN-32s with the scores of the fourth pooling added on the way up.</source>
      <translation>FCN-32s con las puntuaciones del cuarto agrupamiento sumadas al subir.</translation>
    </message>
    <message>
      <source>Fast previews and machines without a graphics card.</source>
      <translation>Vistas previas rápidas y equipos sin tarjeta gráfica.</translation>
    </message>
    <message>
      <source>Fat</source>
      <translation>Grasa</translation>
    </message>
    <message>
      <source>Feature maps</source>
      <translation>Mapas</translation>
    </message>
    <message>
      <source>Few images, with ImageNet weights to start from; machines without a graphics card.</source>
      <translation>Pocas imágenes, partiendo de pesos de ImageNet; equipos sin tarjeta gráfica.</translation>
    </message>
    <message>
      <source>Few networks come trained on medical images</source>
      <translation>Pocas redes vienen entrenadas con imágenes médicas</translation>
    </message>
    <message>
      <source>Few weights, well balanced; slower than its size suggests.</source>
      <translation>Pocos pesos, bien equilibrada; más lenta de lo que sugiere su tamaño.</translation>
    </message>
    <message>
      <source>Files of the image that {name} belongs to are missing.</source>
      <translation>Faltan archivos de la imagen a la que pertenece {name}.</translation>
    </message>
    <message>
      <source>Files of the same name that Contorno wrote are replaced.</source>
      <translation>Los archivos del mismo nombre que escribió Contorno se reemplazan.</translation>
    </message>
    <message>
      <source>Files…</source>
      <translation>Archivos…</translation>
    </message>
    <message>
      <source>File…</source>
      <translation>Archivo…</translation>
    </message>
    <message>
      <source>Fill</source>
      <translation>Rellenar</translation>
    </message>
    <message>
      <source>Fill and outline</source>
      <translation>Relleno y contorno</translation>
    </message>
    <message>
      <source>Fill between slices</source>
      <translation>Rellenar entre cortes</translation>
    </message>
    <message>
      <source>Fill holes</source>
      <translation>Rellenar agujeros</translation>
    </message>
    <message>
      <source>Fills slice {first}.</source>
      <translation>Rellena el corte {first}.</translation>
    </message>
    <message>
      <source>Fills the recipe from this run, for a next one that differs where you change it</source>
      <translation>Rellena la receta con la de este entrenamiento, para uno nuevo que difiera en lo que usted cambie</translation>
    </message>
    <message>
      <source>Fills {count} slices, {first} to {last}.</source>
      <translation>Rellena {count} cortes, del {first} al {last}.</translation>
    </message>
    <message>
      <source>Films</source>
      <translation>Radiografías</translation>
    </message>
    <message>
      <source>Filters</source>
      <translation>Filtros</translation>
    </message>
    <message>
      <source>Filters, feature maps, residual blocks and batch normalisation at an image</source>
      <translation>Filtros, mapas de características, bloques residuales y normalización por lotes ante una imagen</translation>
    </message>
    <message>
      <source>Find</source>
      <translation>Buscar</translation>
    </message>
    <message>
      <source>Find a class</source>
      <translation>Buscar una clase</translation>
    </message>
    <message>
      <source>Find a command or key</source>
      <translation>Buscar una orden o tecla</translation>
    </message>
    <message>
      <source>Find an image</source>
      <translation>Buscar una imagen</translation>
    </message>
    <message>
      <source>Find an item</source>
      <translation>Buscar elemento</translation>
    </message>
    <message>
      <source>Find an item or patient</source>
      <translation>Buscar elemento o paciente</translation>
    </message>
    <message>
      <source>Find moved images…</source>
      <translation>Buscar imágenes movidas…</translation>
    </message>
    <message>
      <source>Find the kernel</source>
      <translation>Hallar el kernel</translation>
    </message>
    <message>
      <source>Find the output</source>
      <translation>Hallar la salida</translation>
    </message>
    <message>
      <source>Fine-tune the network of this run, by its number or name: classes are known again after a rename.</source>
      <translation>Ajustar la red de este entrenamiento, por su número o nombre: las clases se reconocen aunque cambien de nombre.</translation>
    </message>
    <message>
      <source>Fine-tuning goes on with the network of {run}.</source>
      <translation>El ajuste fino sigue con la red de {run}.</translation>
    </message>
    <message>
      <source>First filters</source>
      <translation>Primeros filtros</translation>
    </message>
    <message>
      <source>First number in the name</source>
      <translation>Primer número del nombre</translation>
    </message>
    <message>
      <source>First row: {item} → {value}</source>
      <translation>Primera fila: {item} → {value}</translation>
    </message>
    <message>
      <source>First size</source>
      <translation>Primer tamaño</translation>
    </message>
    <message>
      <source>First slice</source>
      <translation>Primer corte</translation>
    </message>
    <message>
      <source>Fit to the window</source>
      <translation>Ajustar a la ventana</translation>
    </message>
    <message>
      <source>Fits nearly every task that has masks</source>
      <translation>Sirve para casi toda tarea que tenga máscaras</translation>
    </message>
    <message>
      <source>Five slices back</source>
      <translation>Retroceder cinco cortes</translation>
    </message>
    <message>
      <source>Five slices on</source>
      <translation>Avanzar cinco cortes</translation>
    </message>
    <message>
      <source>Flag</source>
      <translation>Marcar</translation>
    </message>
    <message>
      <source>Flagged</source>
      <translation>Marcados</translation>
    </message>
    <message>
      <source>Flip left-right</source>
      <translation>Voltear horizontal</translation>
    </message>
    <message>
      <source>Flip up-down</source>
      <translation>Voltear vertical</translation>
    </message>
    <message>
      <source>Flood by density</source>
      <translation>Por densidad</translation>
    </message>
    <message>
      <source>Focal</source>
      <translation>Focal</translation>
    </message>
    <message>
      <source>Focal loss</source>
      <translation>Pérdida focal</translation>
    </message>
    <message>
      <source>Focal loss: what is already sure counts little.</source>
      <translation>Pérdida focal: lo que ya es seguro cuenta poco.</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>Carpeta</translation>
    </message>
    <message>
      <source>Folders called train and test, or the like, are known; divide without them otherwise.</source>
      <translation>Se reconocen carpetas llamadas train y test, o parecidas; si no, reparta sin ellas.</translation>
    </message>
    <message>
      <source>Folder…</source>
      <translation>Carpeta…</translation>
    </message>
    <message>
      <source>For classes of films and other grey images: moves, light, now and then a black square.</source>
      <translation>Para clases de radiografías y otras imágenes grises: movimientos, luz y de vez en cuando un cuadrado negro.</translation>
    </message>
    <message>
      <source>Found again: {found}. Still missing: {left}.</source>
      <translation>Encontradas de nuevo: {found}. Aún faltan: {left}.</translation>
    </message>
    <message>
      <source>Found by the checks</source>
      <translation>Con avisos</translation>
    </message>
    <message>
      <source>Free software under the MIT licence. It is not a medical device: it is made for study and research.</source>
      <translation>Software libre con licencia MIT. No es un producto sanitario: está hecho para el estudio y la investigación.</translation>
    </message>
    <message>
      <source>Freehand contour</source>
      <translation>Contorno a mano alzada</translation>
    </message>
    <message>
      <source>From</source>
      <translation>Desde</translation>
    </message>
    <message>
      <source>From a file…</source>
      <translation>Desde un archivo…</translation>
    </message>
    <message>
      <source>From a table…</source>
      <translation>De una tabla…</translation>
    </message>
    <message>
      <source>From how the network is built and what it costs.</source>
      <translation>De cómo está construida la red y de lo que cuesta.</translation>
    </message>
    <message>
      <source>From how the network is built here.</source>
      <translation>De cómo está construida la red aquí.</translation>
    </message>
    <message>
      <source>From scratch all the same, since there are no weights here: {names}</source>
      <translation>Aun así de cero, pues aquí no hay pesos: {names}</translation>
    </message>
    <message>
      <source>From the file</source>
      <translation>Del archivo</translation>
    </message>
    <message>
      <source>From the folders' names</source>
      <translation>De las carpetas</translation>
    </message>
    <message>
      <source>From the lecture</source>
      <translation>De la lección</translation>
    </message>
    <message>
      <source>From the network as it is built here.</source>
      <translation>De la red como está construida aquí.</translation>
    </message>
    <message>
      <source>From the newest run that fits, where the training set has changed since; else from ImageNet weights where they are built in, else from scratch.</source>
      <translation>Desde la ejecución más reciente que encaje, si el conjunto de entrenamiento ha cambiado desde entonces; si no, desde los pesos de ImageNet incluidos, o desde cero.</translation>
    </message>
    <message>
      <source>From the paper's experiments, and from what it has been used for since.</source>
      <translation>De los experimentos del artículo y del uso que ha tenido desde entonces.</translation>
    </message>
    <message>
      <source>From the paper, or from where it says.</source>
      <translation>Del artículo, o de donde se indica.</translation>
    </message>
    <message>
      <source>From the paper.</source>
      <translation>Del artículo.</translation>
    </message>
    <message>
      <source>From where – stands a filter no longer fits into what it is given.</source>
      <translation>Desde donde hay un –, un filtro ya no cabe en lo que recibe.</translation>
    </message>
    <message>
      <source>From where – stands the network takes one size alone.</source>
      <translation>Desde donde hay un –, la red solo admite un tamaño.</translation>
    </message>
    <message>
      <source>From, to</source>
      <translation>Desde, hasta</translation>
    </message>
    <message>
      <source>Frozen epochs</source>
      <translation>Épocas congeladas</translation>
    </message>
    <message>
      <source>Full screen</source>
      <translation>Pantalla completa</translation>
    </message>
    <message>
      <source>Fully connected layers only: each pixel has a weight of its own for each unit.</source>
      <translation>Solo capas totalmente conectadas: cada píxel tiene un peso propio para cada unidad.</translation>
    </message>
    <message>
      <source>Fully connected network</source>
      <translation>Red totalmente conectada</translation>
    </message>
    <message>
      <source>Fully convolutional network</source>
      <translation>Red totalmente convolucional</translation>
    </message>
    <message>
      <source>Gamma</source>
      <translation>Gamma</translation>
    </message>
    <message>
      <source>General image classification.</source>
      <translation>Clasificación de imágenes general.</translation>
    </message>
    <message>
      <source>General image classification; features for other tasks.</source>
      <translation>Clasificación de imágenes general; rasgos para otras tareas.</translation>
    </message>
    <message>
      <source>Gentle</source>
      <translation>Suave</translation>
    </message>
    <message>
      <source>Give both the same classes before they are compared.</source>
      <translation>Dé a ambas las mismas clases antes de compararlas.</translation>
    </message>
    <message>
      <source>Give classes</source>
      <translation>Dar clases</translation>
    </message>
    <message>
      <source>Give each image a class: normal, pneumonia. Nothing is painted.</source>
      <translation>Dar una clase a cada imagen: normal, neumonía. No se pinta nada.</translation>
    </message>
    <message>
      <source>Give every category one meaning.</source>
      <translation>Dé a cada categoría un solo significado.</translation>
    </message>
    <message>
      <source>Give every class a name of its own; background is always there.</source>
      <translation>Dé a cada clase un nombre propio; el fondo siempre está.</translation>
    </message>
    <message>
      <source>Give every class a name.</source>
      <translation>Dé un nombre a cada clase.</translation>
    </message>
    <message>
      <source>Give every image a name of its own.</source>
      <translation>Dé a cada imagen un nombre propio.</translation>
    </message>
    <message>
      <source>Give every value one meaning.</source>
      <translation>Dé a cada valor un solo significado.</translation>
    </message>
    <message>
      <source>Give images of every class a label, and divide them into sets in the Data tab.</source>
      <translation>Etiquete imágenes de cada clase, y repártalas en conjuntos en la pestaña Datos.</translation>
    </message>
    <message>
      <source>Give it a name that ends in .png.</source>
      <translation>Dele un nombre que termine en .png.</translation>
    </message>
    <message>
      <source>Give one of the two.</source>
      <translation>Indique uno de los dos.</translation>
    </message>
    <message>
      <source>Give one of them a share above 0.</source>
      <translation>Dé a uno de ellos una parte mayor que 0.</translation>
    </message>
    <message>
      <source>Give one weight a class, the background included.</source>
      <translation>Dé un peso por clase, incluido el fondo.</translation>
    </message>
    <message>
      <source>Give that class another name in the Data tab, then import again.</source>
      <translation>Ponga otro nombre a esa clase en la pestaña Datos y vuelva a importar.</translation>
    </message>
    <message>
      <source>Give the objects the class that is painted</source>
      <translation>Dar a los objetos la clase que se pinta</translation>
    </message>
    <message>
      <source>Give the project a name.</source>
      <translation>Dé un nombre al proyecto.</translation>
    </message>
    <message>
      <source>Give two folders of masks.</source>
      <translation>Dé dos carpetas de máscaras.</translation>
    </message>
    <message>
      <source>Gives a good result at once, to measure others by</source>
      <translation>Da enseguida un buen resultado, con el que medir a las demás</translation>
    </message>
    <message>
      <source>Go back or forth to this step</source>
      <translation>Ir atrás o adelante hasta este paso</translation>
    </message>
    <message>
      <source>Go on</source>
      <translation>Continuar</translation>
    </message>
    <message>
      <source>Go on training</source>
      <translation>Seguir entrenando</translation>
    </message>
    <message>
      <source>Go on with that version, or start a new run, fine-tuned from this one.</source>
      <translation>Continúe con esa versión, o empiece un entrenamiento nuevo que parta de este.</translation>
    </message>
    <message>
      <source>Go on with the study</source>
      <translation>Continuar el estudio</translation>
    </message>
    <message>
      <source>Go on with this run from its last checkpoint</source>
      <translation>Seguir con este entrenamiento desde su último punto guardado</translation>
    </message>
    <message>
      <source>Go to Classify</source>
      <translation>Ir a Clasificar</translation>
    </message>
    <message>
      <source>Go to Data</source>
      <translation>Ir a Datos</translation>
    </message>
    <message>
      <source>Go to labelling</source>
      <translation>Ir a etiquetar</translation>
    </message>
    <message>
      <source>Go to training</source>
      <translation>Ir a entrenar</translation>
    </message>
    <message>
      <source>Goes on from {run} (fine-tuning); classes are matched by name.</source>
      <translation>Sigue desde {run} (ajuste fino); las clases se emparejan por nombre.</translation>
    </message>
    <message>
      <source>Goes on with the network of {run}. Auto chooses what is left open when the training begins.</source>
      <translation>Sigue con la red de {run}. Auto elige lo que queda abierto al empezar el entrenamiento.</translation>
    </message>
    <message>
      <source>Going on after epoch {epoch}.</source>
      <translation>Sigue tras la época {epoch}.</translation>
    </message>
    <message>
      <source>Going on in epoch {epoch} after step {step}.</source>
      <translation>Se continúa en la época {epoch} tras el paso {step}.</translation>
    </message>
    <message>
      <source>Grad-CAM with the edges inside it; the edges alone say little, since they are nearly the same for every class.</source>
      <translation>Grad-CAM con los bordes que hay dentro; los bordes solos dicen poco, pues son casi los mismos para todas las clases.</translation>
    </message>
    <message>
      <source>Gradient at each layer, from the image on (log scale)</source>
      <translation>Gradiente en cada capa, desde la imagen (escala logarítmica)</translation>
    </message>
    <message>
      <source>Gradients…</source>
      <translation>Gradientes…</translation>
    </message>
    <message>
      <source>Grain with this deviation, in steps of 255 grey levels.</source>
      <translation>Grano con esta desviación, en pasos de 255 niveles de gris.</translation>
    </message>
    <message>
      <source>Grey and colour images are mixed: 1 differs.</source>
      <translation>Se mezclan imágenes grises y en color: 1 difiere.</translation>
    </message>
    <message>
      <source>Grey and colour images are mixed: {count} differ.</source>
      <translation>Se mezclan imágenes grises y en color: {count} difieren.</translation>
    </message>
    <message>
      <source>Grey image, {width} × {height}</source>
      <translation>Imagen gris, {width} × {height}</translation>
    </message>
    <message>
      <source>Grow</source>
      <translation>Ensanchar</translation>
    </message>
    <message>
      <source>Grow strokes</source>
      <translation>Hacer crecer los trazos</translation>
    </message>
    <message>
      <source>Grown strokes</source>
      <translation>Trazos crecidos</translation>
    </message>
    <message>
      <source>Guessed from the values. Say what it is with a right click.</source>
      <translation>Supuesta por los valores. Diga cuál es con el botón derecho.</translation>
    </message>
    <message>
      <source>Guided Grad-CAM</source>
      <translation>Grad-CAM guiado</translation>
    </message>
    <message>
      <source>HD95 mm</source>
      <translation>HD95 mm</translation>
    </message>
    <message>
      <source>HD95 px</source>
      <translation>HD95 px</translation>
    </message>
    <message>
      <source>Hands the places of its maxima to the decoder.</source>
      <translation>Pasa al decodificador las posiciones de sus máximos.</translation>
    </message>
    <message>
      <source>Handwritten digits.</source>
      <translation>Dígitos escritos a mano.</translation>
    </message>
    <message>
      <source>Handwritten digits; to see what has changed since.</source>
      <translation>Dígitos manuscritos; para ver qué ha cambiado desde entonces.</translation>
    </message>
    <message>
      <source>Hard</source>
      <translation>Difícil</translation>
    </message>
    <message>
      <source>Hausdorff distance: 95 % of either surface lie closer to the other than this</source>
      <translation>Distancia de Hausdorff: el 95 % de cada superficie está más cerca de la otra que esto</translation>
    </message>
    <message>
      <source>Head</source>
      <translation>Cabeza</translation>
    </message>
    <message>
      <source>Heat over the image: Grad-CAM and others.</source>
      <translation>Calor sobre la imagen: Grad-CAM y otros.</translation>
    </message>
    <message>
      <source>Heavy decoder; needs two images a batch.</source>
      <translation>Decodificador pesado; necesita dos imágenes por lote.</translation>
    </message>
    <message>
      <source>Help</source>
      <translation>Ayuda</translation>
    </message>
    <message>
      <source>Here networks that give a class to a whole image are trained and compared.</source>
      <translation>Aquí se entrenan y comparan redes que dan una clase a una imagen entera.</translation>
    </message>
    <message>
      <source>Hidden layers</source>
      <translation>Capas ocultas</translation>
    </message>
    <message>
      <source>Hide</source>
      <translation>Ocultar</translation>
    </message>
    <message>
      <source>Hide or show the columns</source>
      <translation>Mostrar u ocultar las columnas</translation>
    </message>
    <message>
      <source>Hide or show the right column</source>
      <translation>Ocultar o mostrar la columna derecha</translation>
    </message>
    <message>
      <source>Hide the right column</source>
      <translation>Ocultar la columna derecha</translation>
    </message>
    <message>
      <source>Hide the small ones</source>
      <translation>Ocultar las pequeñas</translation>
    </message>
    <message>
      <source>History</source>
      <translation>Historial</translation>
    </message>
    <message>
      <source>Hold Space</source>
      <translation>Mantener Espacio</translation>
    </message>
    <message>
      <source>Hold Space to move</source>
      <translation>Espacio para mover</translation>
    </message>
    <message>
      <source>Hold W and drag</source>
      <translation>Mantener W y arrastrar</translation>
    </message>
    <message>
      <source>Hollow out</source>
      <translation>Vaciar por dentro</translation>
    </message>
    <message>
      <source>How it is drawn</source>
      <translation>Cómo se dibuja</translation>
    </message>
    <message>
      <source>How it outlines</source>
      <translation>Cómo contornea</translation>
    </message>
    <message>
      <source>How long it trained</source>
      <translation>Cuánto duró el entrenamiento</translation>
    </message>
    <message>
      <source>How many changed samples there are on an untouched one. An epoch sees each image, or each patch that it holds, so often.</source>
      <translation>Cuántas muestras cambiadas hay por cada una sin tocar. Una época ve cada imagen, o cada recorte que contiene, ese número de veces.</translation>
    </message>
    <message>
      <source>How many combinations are tried; 0: all.</source>
      <translation>Cuántas combinaciones se prueban; 0: todas.</translation>
    </message>
    <message>
      <source>How many cores compute on a CPU; 0 tries some and looks again while it trains.</source>
      <translation>Cuántos núcleos calculan en una CPU; 0 prueba algunos y vuelve a mirar mientras entrena.</translation>
    </message>
    <message>
      <source>How many of 100 samples it changes</source>
      <translation>Cuántas de 100 muestras cambia</translation>
    </message>
    <message>
      <source>How much larger or smaller the prediction is than the mask</source>
      <translation>Cuánto mayor o menor es la predicción que la máscara</translation>
    </message>
    <message>
      <source>How opaque the second item is</source>
      <translation>Opacidad del segundo elemento</translation>
    </message>
    <message>
      <source>How strongly the heat covers the image</source>
      <translation>Con qué fuerza el calor cubre la imagen</translation>
    </message>
    <message>
      <source>How the network is built</source>
      <translation>Cómo está construida la red</translation>
    </message>
    <message>
      <source>How the patient is known</source>
      <translation>Cómo se conoce al paciente</translation>
    </message>
    <message>
      <source>How the second item is shown</source>
      <translation>Cómo se muestra el segundo elemento</translation>
    </message>
    <message>
      <source>How the weights are moved.</source>
      <translation>Cómo se mueven los pesos.</translation>
    </message>
    <message>
      <source>How they end</source>
      <translation>Cómo terminan</translation>
    </message>
    <message>
      <source>How your mask and the prediction are drawn</source>
      <translation>Cómo se dibujan su máscara y la predicción</translation>
    </message>
    <message>
      <source>Hue (share of a half turn), saturation and colour balance, each by its own share.</source>
      <translation>Tono (parte de media vuelta), saturación y balance de color, cada uno por su parte.</translation>
    </message>
    <message>
      <source>ISBI cell tracking and EM stacks</source>
      <translation>ISBI: seguimiento de células y pilas de microscopía electrónica</translation>
    </message>
    <message>
      <source>If it is a true image, save it without compression (deflate).</source>
      <translation>Si es una imagen verdadera, guárdela sin compresión (deflate).</translation>
    </message>
    <message>
      <source>Image</source>
      <translation>Imagen</translation>
    </message>
    <message>
      <source>Image + mask</source>
      <translation>Imagen + máscara</translation>
    </message>
    <message>
      <source>Image size</source>
      <translation>Tamaño de imagen</translation>
    </message>
    <message>
      <source>Image {shape}</source>
      <translation>Imagen {shape}</translation>
    </message>
    <message>
      <source>ImageNet weights</source>
      <translation>Pesos ImageNet</translation>
    </message>
    <message>
      <source>Images</source>
      <translation>Imágenes</translation>
    </message>
    <message>
      <source>Images a step; 0 chooses by memory.</source>
      <translation>Imágenes por paso; con 0 se elige según la memoria.</translation>
    </message>
    <message>
      <source>Images are PNG, JPEG, TIFF, BMP, DICOM, NIfTI, NRRD, MedMNIST (.npz) or MNIST (IDX) files.</source>
      <translation>Las imágenes son archivos PNG, JPEG, TIFF, BMP, DICOM, NIfTI, NRRD, MedMNIST (.npz) o MNIST (IDX).</translation>
    </message>
    <message>
      <source>Images are being added. They are listed when all are in.</source>
      <translation>Se están añadiendo imágenes. Aparecerán en la lista cuando estén todas.</translation>
    </message>
    <message>
      <source>Images differ by noise alone: {names}.</source>
      <translation>Hay imágenes que solo difieren en ruido: {names}.</translation>
    </message>
    <message>
      <source>Images of one case, by their names, stand in different sets: {names}.</source>
      <translation>Imágenes de un mismo caso, según sus nombres, están en conjuntos distintos: {names}.</translation>
    </message>
    <message>
      <source>Images of the project; drop more here</source>
      <translation>Imágenes del proyecto; suelte aquí más</translation>
    </message>
    <message>
      <source>Images of this cell</source>
      <translation>Imágenes de esta celda</translation>
    </message>
    <message>
      <source>Images of up to {longest} px are reduced to {size} px: at most {factor:.1f} times smaller.</source>
      <translation>Imágenes de hasta {longest} px se reducen a {size} px: como mucho {factor:.1f} veces menores.</translation>
    </message>
    <message>
      <source>Images of {shortest} px and more are enlarged to {size} px: at most {factor:.1f} times larger.</source>
      <translation>Imágenes de {shortest} px o más se amplían a {size} px: como mucho {factor:.1f} veces mayores.</translation>
    </message>
    <message>
      <source>Images read again: {count}.</source>
      <translation>Imágenes leídas de nuevo: {count}.</translation>
    </message>
    <message>
      <source>Images stay where they are: nothing is copied, nothing leaves this computer.</source>
      <translation>Las imágenes se quedan donde están: nada se copia, nada sale de este equipo.</translation>
    </message>
    <message>
      <source>Images that differ by noise alone stand in different sets: {names}.</source>
      <translation>Imágenes que solo difieren en ruido están en conjuntos distintos: {names}.</translation>
    </message>
    <message>
      <source>Images that only the winner calls rightly: {one}, only the second: {other} (McNemar, p = {p}).</source>
      <translation>Imágenes que solo acierta el ganador: {one}, solo el segundo: {other} (McNemar, p = {p}).</translation>
    </message>
    <message>
      <source>Import it again.</source>
      <translation>Impórtela de nuevo.</translation>
    </message>
    <message>
      <source>Import without masks</source>
      <translation>Importar sin máscaras</translation>
    </message>
    <message>
      <source>Imported mask</source>
      <translation>Máscara importada</translation>
    </message>
    <message>
      <source>Importing</source>
      <translation>Importando</translation>
    </message>
    <message>
      <source>In a list: open or close a series of several volumes</source>
      <translation>En una lista: abrir o cerrar una serie de varios volúmenes</translation>
    </message>
    <message>
      <source>In its place</source>
      <translation>En su lugar</translation>
    </message>
    <message>
      <source>In mirror images {pairs} exchange their names.</source>
      <translation>En las imágenes en espejo {pairs} intercambian sus nombres.</translation>
    </message>
    <message>
      <source>In neither, so left out of the mean: {names}. Counted as 0, the mean would be {low}; counted as 1, {high}.</source>
      <translation>En ninguna, así que queda fuera de la media: {names}. Contada como 0, la media sería {low}; contada como 1, {high}.</translation>
    </message>
    <message>
      <source>In no mask and no prediction of this set.</source>
      <translation>En ninguna máscara ni predicción de este conjunto.</translation>
    </message>
    <message>
      <source>In no mask and no prediction, so not in the mean: {names}</source>
      <translation>En ninguna máscara ni predicción, así que fuera de la media: {names}</translation>
    </message>
    <message>
      <source>In no set</source>
      <translation>Sin conjunto</translation>
    </message>
    <message>
      <source>In one step of 32 px, from VGG-16 whose fully connected layers became convolutions: the first network that learnt masks from end to end.</source>
      <translation>En un solo paso de 32 px, desde una VGG-16 cuyas capas totalmente conectadas se hicieron convoluciones: la primera red que aprendió máscaras de extremo a extremo.</translation>
    </message>
    <message>
      <source>In the history, too: it cannot be taken back.</source>
      <translation>También en el historial: no se puede deshacer.</translation>
    </message>
    <message>
      <source>In the list of classes: another colour</source>
      <translation>En la lista de clases: otro color</translation>
    </message>
    <message>
      <source>In the list of classes: lock or unlock</source>
      <translation>En la lista de clases: bloquear o desbloquear</translation>
    </message>
    <message>
      <source>In the list of classes: remove</source>
      <translation>En la lista de clases: quitar</translation>
    </message>
    <message>
      <source>In the list of classes: rename</source>
      <translation>En la lista de clases: cambiar el nombre</translation>
    </message>
    <message>
      <source>In the list of classes: show or hide</source>
      <translation>En la lista de clases: mostrar u ocultar</translation>
    </message>
    <message>
      <source>In the list of items: open it</source>
      <translation>En la lista de elementos: abrirlo</translation>
    </message>
    <message>
      <source>In the list of networks: use its predictions</source>
      <translation>En la lista de redes: usar sus predicciones</translation>
    </message>
    <message>
      <source>In the name of 1 image no patient was found: {names}.</source>
      <translation>En el nombre de 1 imagen no se encontró paciente: {names}.</translation>
    </message>
    <message>
      <source>In the names of {count} images no patient was found: {names}.</source>
      <translation>En los nombres de {count} imágenes no se encontró paciente: {names}.</translation>
    </message>
    <message>
      <source>In the prediction alone</source>
      <translation>Solo en la predicción</translation>
    </message>
    <message>
      <source>In the table of items and the list of objects: several at once</source>
      <translation>En la tabla de elementos y la lista de objetos: varios a la vez</translation>
    </message>
    <message>
      <source>In this program</source>
      <translation>En este programa</translation>
    </message>
    <message>
      <source>In two sets: {names}</source>
      <translation>En dos conjuntos: {names}</translation>
    </message>
    <message>
      <source>In two sets: {names}. The scores would flatter.</source>
      <translation>En dos conjuntos: {names}. Las puntuaciones engañarían.</translation>
    </message>
    <message>
      <source>In volumes the network sees each slice together with the one before and the one after it. Images in colour are seen alone.</source>
      <translation>En los volúmenes, la red ve cada corte junto con el anterior y el siguiente. Las imágenes en color se ven solas.</translation>
    </message>
    <message>
      <source>In which set the new items shall be</source>
      <translation>En qué conjunto estarán los elementos nuevos</translation>
    </message>
    <message>
      <source>In your mask alone</source>
      <translation>Solo en su máscara</translation>
    </message>
    <message>
      <source>In {n} of {count} samples {name} is covered up.</source>
      <translation>En {n} de {count} muestras algo tapa {name}.</translation>
    </message>
    <message>
      <source>In {n} of {count} samples {name} leaves the picture.</source>
      <translation>En {n} de {count} muestras {name} sale de la imagen.</translation>
    </message>
    <message>
      <source>In {steps} steps neither the plain network nor its residual twin learnt enough to be compared (loss {plain:.2f} and {residual:.2f}): give them more.</source>
      <translation>En {steps} pasos ni la red simple ni su gemela residual aprendieron lo bastante para compararlas (pérdida {plain:.2f} y {residual:.2f}): deles más.</translation>
    </message>
    <message>
      <source>Input</source>
      <translation>Entrada</translation>
    </message>
    <message>
      <source>Input size</source>
      <translation>Entrada</translation>
    </message>
    <message>
      <source>Inside draws them as arcs, with the size of what they carry.</source>
      <translation>«Por dentro» las dibuja como arcos, con el tamaño de lo que llevan.</translation>
    </message>
    <message>
      <source>Inside the network of this run</source>
      <translation>La red de esta ejecución por dentro</translation>
    </message>
    <message>
      <source>Inside {network}</source>
      <translation>{network} por dentro</translation>
    </message>
    <message>
      <source>Install Contorno once more.</source>
      <translation>Instale Contorno otra vez.</translation>
    </message>
    <message>
      <source>Install Contorno, for example with uv tool install or pipx, then try again.</source>
      <translation>Instale Contorno, por ejemplo con uv tool install o pipx, e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Integrated gradients</source>
      <translation>Gradientes integrados</translation>
    </message>
    <message>
      <source>Inverted</source>
      <translation>Invertido</translation>
    </message>
    <message>
      <source>Is this map to be trusted?</source>
      <translation>¿Es fiable este mapa?</translation>
    </message>
    <message>
      <source>It cannot be set so.</source>
      <translation>No se puede fijar así.</translation>
    </message>
    <message>
      <source>It cannot be taken back.</source>
      <translation>No se puede deshacer.</translation>
    </message>
    <message>
      <source>It computes with {threads} of {cores} cores now, which is faster.</source>
      <translation>Ahora calcula con {threads} de {cores} núcleos, que es más rápido.</translation>
    </message>
    <message>
      <source>It could not be validated, so nothing can be chosen by it.</source>
      <translation>No se pudo validar, así que no se puede elegir por ello.</translation>
    </message>
    <message>
      <source>It goes from 0 to 1.</source>
      <translation>Va de 0 a 1.</translation>
    </message>
    <message>
      <source>It goes from {low} to {high}.</source>
      <translation>Va de {low} a {high}.</translation>
    </message>
    <message>
      <source>It goes on from {run}, since when the training set has changed: {count} of its {total} items were learnt already.</source>
      <translation>Continúa desde {run}; desde entonces el conjunto de entrenamiento ha cambiado: {count} de sus {total} elementos ya se habían aprendido.</translation>
    </message>
    <message>
      <source>It goes upwards and lies between {low} and {high}.</source>
      <translation>Es creciente y está entre {low} y {high}.</translation>
    </message>
    <message>
      <source>It has a mask already.</source>
      <translation>Ya tiene una máscara.</translation>
    </message>
    <message>
      <source>It has no mask to compare with.</source>
      <translation>No tiene máscara con que comparar.</translation>
    </message>
    <message>
      <source>It has no model yet; it can be resumed later.</source>
      <translation>Aún no tiene modelo; puede reanudarse más tarde.</translation>
    </message>
    <message>
      <source>It has none of its own.</source>
      <translation>No tiene ninguno propio.</translation>
    </message>
    <message>
      <source>It has several classes or none, which one class cannot say: it has none here.</source>
      <translation>Tiene varias clases o ninguna, lo que una sola clase no puede expresar: aquí queda sin clase.</translation>
    </message>
    <message>
      <source>It has {bits} bits a pixel, and others have more or fewer: its greys were taken as 0 (black) to 255 (white).</source>
      <translation>Tiene {bits} bits por píxel, y otras tienen más o menos: sus grises se tomaron como 0 (negro) a 255 (blanco).</translation>
    </message>
    <message>
      <source>It is 1 of {count} files of one image, and the others were not there: only its own pages were read.</source>
      <translation>Es 1 de los {count} archivos de una imagen, y faltaban los demás: solo se leyeron sus propias páginas.</translation>
    </message>
    <message>
      <source>It is being trained: stop it first.</source>
      <translation>Se está entrenando: párelo primero.</translation>
    </message>
    <message>
      <source>It is called CT, and its values, {low:g} to {high:g}, are not in HU, where air lies at -1000 and fat below 0.</source>
      <translation>Se llama TC, y sus valores, de {low:g} a {high:g}, no están en HU, donde el aire está en -1000 y la grasa por debajo de 0.</translation>
    </message>
    <message>
      <source>It is chosen for the whole study.</source>
      <translation>Se elige para todo el estudio.</translation>
    </message>
    <message>
      <source>It is in the item that was left.</source>
      <translation>Está en el elemento que se dejó.</translation>
    </message>
    <message>
      <source>It is in the project already.</source>
      <translation>Ya está en el proyecto.</translation>
    </message>
    <message>
      <source>It is in use.</source>
      <translation>Está en uso.</translation>
    </message>
    <message>
      <source>It is part of an image that {file} describes, which is not read: only its own pages were, without sizes and order.</source>
      <translation>Es parte de una imagen que describe {file}, archivo que no se lee: solo se leyeron sus propias páginas, sin tamaños ni orden.</translation>
    </message>
    <message>
      <source>It is taken as CT in HU, since its values, from {low:.0f} on, have CT's peaks. If it is none, say so in Data or Label.</source>
      <translation>Se toma como TC en HU, porque sus valores, desde {low:.0f}, tienen los picos de una TC. Si no lo es, dígalo en Datos o en Etiquetar.</translation>
    </message>
    <message>
      <source>It looks like a sheet of pictures, not like a scan.</source>
      <translation>Parece una hoja de imágenes, no un estudio.</translation>
    </message>
    <message>
      <source>It looks like the mask of {name}.</source>
      <translation>Parece la máscara de {name}.</translation>
    </message>
    <message>
      <source>It may have been removed.</source>
      <translation>Puede que se haya quitado.</translation>
    </message>
    <message>
      <source>It must be (n, height, width), with 3 colours or slices at the end or without.</source>
      <translation>Debe ser (n, alto, ancho), con o sin 3 colores o cortes al final.</translation>
    </message>
    <message>
      <source>It must be JSON with images, annotations and categories.</source>
      <translation>Debe ser JSON con images, annotations y categories.</translation>
    </message>
    <message>
      <source>It must be a number.</source>
      <translation>Debe ser un número.</translation>
    </message>
    <message>
      <source>It must be at least {least}.</source>
      <translation>Debe ser al menos {least}.</translation>
    </message>
    <message>
      <source>It must be yes or no.</source>
      <translation>Debe ser sí o no.</translation>
    </message>
    <message>
      <source>It needs arrays named train_images, val_images or test_images.</source>
      <translation>Necesita matrices llamadas train_images, val_images o test_images.</translation>
    </message>
    <message>
      <source>It starts from ImageNet's weights, which come with the program.</source>
      <translation>Parte de los pesos de ImageNet, que vienen con el programa.</translation>
    </message>
    <message>
      <source>It takes {sides} px: set patch to that, or choose another one.</source>
      <translation>Admite {sides} px: ponga ese valor en el recorte (patch) o elija otro.</translation>
    </message>
    <message>
      <source>It was moved or deleted, or the link to it leads nowhere.</source>
      <translation>Se movió o se borró, o el enlace no lleva a ninguna parte.</translation>
    </message>
    <message>
      <source>It was opened to read only.</source>
      <translation>Se abrió solo para lectura.</translation>
    </message>
    <message>
      <source>It was rejected: it is not scored.</source>
      <translation>Fue rechazado: no se puntúa.</translation>
    </message>
    <message>
      <source>It was turned upright, as its file asks (EXIF): masks count as drawn on the upright picture.</source>
      <translation>Se giró para ponerla derecha, como pide su archivo (EXIF): las máscaras valen como dibujadas sobre la imagen derecha.</translation>
    </message>
    <message>
      <source>Item</source>
      <translation>Elemento</translation>
    </message>
    <message>
      <source>Items</source>
      <translation>Elementos</translation>
    </message>
    <message>
      <source>Items are being added. Try again when that is done.</source>
      <translation>Se están añadiendo elementos. Inténtelo de nuevo cuando termine.</translation>
    </message>
    <message>
      <source>Items without it too, as background</source>
      <translation>También elementos sin ella, como fondo</translation>
    </message>
    <message>
      <source>Its 3 planes were taken as red, green and blue.</source>
      <translation>Sus 3 planos se tomaron como rojo, verde y azul.</translation>
    </message>
    <message>
      <source>Its 4096 units cost ({values} + 1)·4096 = {weights} weights. The 4096 follow from no formula: they were chosen.</source>
      <translation>Sus 4096 neuronas cuestan ({values} + 1)·4096 = {weights} pesos. El 4096 no sale de ninguna fórmula: se eligió.</translation>
    </message>
    <message>
      <source>Its Dice is a soft one: the probabilities stand where pixels are counted. Classes that the truth does not hold are left out.</source>
      <translation>Su Dice es suave: las probabilidades ocupan el lugar de los píxeles contados. Las clases que la real no tiene quedan fuera.</translation>
    </message>
    <message>
      <source>Its ImageNet weights are built in, so that transfer learning works offline; blocks widen the maps, filter each by itself and narrow them again.</source>
      <translation>Sus pesos de ImageNet vienen incluidos, así que el aprendizaje por transferencia funciona sin conexión; los bloques ensanchan los mapas, filtran cada uno por separado y los estrechan de nuevo.</translation>
    </message>
    <message>
      <source>Its answer is no number.</source>
      <translation>Su respuesta no es un número.</translation>
    </message>
    <message>
      <source>Its best model so far is kept, and it can be resumed later.</source>
      <translation>Se guarda su mejor modelo hasta ahora, y se puede reanudar más tarde.</translation>
    </message>
    <message>
      <source>Its class in the file is {number:g}, which is none: it has no class here.</source>
      <translation>Su clase en el archivo es {number:g}, que no es ninguna: aquí queda sin clase.</translation>
    </message>
    <message>
      <source>Its class says {name}.</source>
      <translation>Su clase dice {name}.</translation>
    </message>
    <message>
      <source>Its class {number} is not in the project.</source>
      <translation>Su clase {number} no está en el proyecto.</translation>
    </message>
    <message>
      <source>Its colours end at {high} of {white}: only {count} shades of them were kept.</source>
      <translation>Sus colores acaban en {high} de {white}: solo se conservaron {count} tonos.</translation>
    </message>
    <message>
      <source>Its colours run from {low:.4g} to {high:.4g}, so nobody can know which is white.</source>
      <translation>Sus colores van de {low:.4g} a {high:.4g}, así que no se puede saber cuál es el blanco.</translation>
    </message>
    <message>
      <source>Its colours were stored as {space} and were turned into red, green and blue.</source>
      <translation>Sus colores estaban guardados como {space} y se convirtieron en rojo, verde y azul.</translation>
    </message>
    <message>
      <source>Its colours were taken: the numbers that its palette gives them are those of the program that saved it.</source>
      <translation>Se tomaron sus colores: los números que les da su paleta son los del programa que la guardó.</translation>
    </message>
    <message>
      <source>Its epochs or minutes were used up already: give it more of them.</source>
      <translation>Sus épocas o minutos ya estaban agotados: dele más.</translation>
    </message>
    <message>
      <source>Its file is that of {name}, which was another image when it came in.</source>
      <translation>Su archivo es el de {name}, que era otra imagen cuando se importó.</translation>
    </message>
    <message>
      <source>Its folder is still there until it is deleted.</source>
      <translation>Su carpeta sigue ahí hasta que se borre.</translation>
    </message>
    <message>
      <source>Its images become</source>
      <translation>Sus imágenes pasan a</translation>
    </message>
    <message>
      <source>Its mask is the model's own: there is nothing to score it by.</source>
      <translation>Su máscara es la del propio modelo: no hay con qué puntuarlo.</translation>
    </message>
    <message>
      <source>Its outline over the scan, right and wrong in colours.</source>
      <translation>Su contorno sobre la imagen, con aciertos y errores en colores.</translation>
    </message>
    <message>
      <source>Its pixels become</source>
      <translation>Sus píxeles pasan a</translation>
    </message>
    <message>
      <source>Its printing inks (CMYK) were turned into red, green and blue.</source>
      <translation>Sus tintas de imprenta (CMYK) se convirtieron en rojo, verde y azul.</translation>
    </message>
    <message>
      <source>Its settings are: {known}.</source>
      <translation>Sus ajustes son: {known}.</translation>
    </message>
    <message>
      <source>Its transparency was left out.</source>
      <translation>Su transparencia se omitió.</translation>
    </message>
    <message>
      <source>Its values were rounded to whole numbers; they lay up to {off:.1g} away from them.</source>
      <translation>Sus valores se redondearon a enteros; se apartaban de ellos hasta {off:.1g}.</translation>
    </message>
    <message>
      <source>Its {count} channels are shown as red, green and blue.</source>
      <translation>Sus {count} canales se muestran como rojo, verde y azul.</translation>
    </message>
    <message>
      <source>Its {count} channels were laid over each other.</source>
      <translation>Sus {count} canales se superpusieron.</translation>
    </message>
    <message>
      <source>Its {count} channels were taken as the values 0 to {last}, the first being the background.</source>
      <translation>Sus {count} canales se tomaron como los valores 0 a {last}, siendo el primero el fondo.</translation>
    </message>
    <message>
      <source>Its {count} channels were taken as the values 1 to {last}, one a class.</source>
      <translation>Sus {count} canales se tomaron como los valores 1 a {last}, uno por clase.</translation>
    </message>
    <message>
      <source>Its {count} maps skip past all that lies deeper, to the decoder.</source>
      <translation>Sus {count} mapas saltan todo lo que está más abajo, hasta el decodificador.</translation>
    </message>
    <message>
      <source>Its {count} times were taken as slices.</source>
      <translation>Sus {count} instantes se tomaron como cortes.</translation>
    </message>
    <message>
      <source>Join with (union)</source>
      <translation>Unir con (unión)</translation>
    </message>
    <message>
      <source>Keep</source>
      <translation>Conservar</translation>
    </message>
    <message>
      <source>Keep it</source>
      <translation>Conservarlo</translation>
    </message>
    <message>
      <source>Keep mine</source>
      <translation>Dejar la mía</translation>
    </message>
    <message>
      <source>Keep my mask</source>
      <translation>Dejar mi máscara</translation>
    </message>
    <message>
      <source>Keep one of them, or give them different names.</source>
      <translation>Conserve una, o deles nombres distintos.</translation>
    </message>
    <message>
      <source>Keep one row for each image.</source>
      <translation>Deje una sola fila por imagen.</translation>
    </message>
    <message>
      <source>Keep the largest part</source>
      <translation>Conservar la parte mayor</translation>
    </message>
    <message>
      <source>Keep the test set as it is</source>
      <translation>Conservar el conjunto de prueba</translation>
    </message>
    <message>
      <source>Keep what lies in (intersection)</source>
      <translation>Quedarse con lo que está en (intersección)</translation>
    </message>
    <message>
      <source>Keeps fine borders, since skip connections go past the deep levels</source>
      <translation>Conserva bordes finos, porque las conexiones de salto pasan de largo por los niveles profundos</translation>
    </message>
    <message>
      <source>Kernel</source>
      <translation>Kernel</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>Teclas</translation>
    </message>
    <message>
      <source>Keys and mouse</source>
      <translation>Teclas y ratón</translation>
    </message>
    <message>
      <source>Known when four trials have reached the first rung and differ.</source>
      <translation>Se sabe cuando cuatro ensayos han llegado al primer peldaño y difieren.</translation>
    </message>
    <message>
      <source>Label</source>
      <translation>Etiquetar</translation>
    </message>
    <message>
      <source>Label images</source>
      <translation>Etiquetar imágenes</translation>
    </message>
    <message>
      <source>Label scans, train a network, review what it says</source>
      <translation>Etiquetar imágenes, entrenar una red, revisar lo que dice</translation>
    </message>
    <message>
      <source>Label scans, train a network, review what it says.</source>
      <translation>Etiquetar imágenes, entrenar una red, revisar lo que dice.</translation>
    </message>
    <message>
      <source>Label smoothing</source>
      <translation>Suavizado de etiquetas</translation>
    </message>
    <message>
      <source>Labelled as empty</source>
      <translation>Etiquetado como vacío</translation>
    </message>
    <message>
      <source>Labelled as empty: slice {number}</source>
      <translation>Etiquetado como vacío: corte {number}</translation>
    </message>
    <message>
      <source>Labels of ITK-SNAP (.txt), Slicer (.ctbl, .seg.nrrd), nnU-Net (dataset.json), or the categories of a COCO file</source>
      <translation>Etiquetas de ITK-SNAP (.txt), Slicer (.ctbl, .seg.nrrd), nnU-Net (dataset.json) o las categorías de un archivo COCO</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>Idioma</translation>
    </message>
    <message>
      <source>Large data sets on a graphics card.</source>
      <translation>Conjuntos de datos grandes con tarjeta gráfica.</translation>
    </message>
    <message>
      <source>Large data sets, where the last percent counts.</source>
      <translation>Conjuntos de datos grandes, donde cuenta el último punto porcentual.</translation>
    </message>
    <message>
      <source>Large data sets; context from the whole image.</source>
      <translation>Conjuntos de datos grandes; contexto de toda la imagen.</translation>
    </message>
    <message>
      <source>Large data sets; detection and segmentation.</source>
      <translation>Conjuntos de datos grandes; detección y segmentación.</translation>
    </message>
    <message>
      <source>Large images need much memory</source>
      <translation>Las imágenes grandes necesitan mucha memoria</translation>
    </message>
    <message>
      <source>Large organs, where the surroundings decide.</source>
      <translation>Órganos grandes, donde decide el entorno.</translation>
    </message>
    <message>
      <source>Large regions with smoother outlines.</source>
      <translation>Regiones grandes con contornos más suaves.</translation>
    </message>
    <message>
      <source>Large regions; the yardstick that skips are measured by.</source>
      <translation>Regiones grandes; la vara con que se miden los saltos.</translation>
    </message>
    <message>
      <source>Large structures and their context.</source>
      <translation>Estructuras grandes y su contexto.</translation>
    </message>
    <message>
      <source>Large structures with little memory for the decoder.</source>
      <translation>Estructuras grandes con poca memoria para el decodificador.</translation>
    </message>
    <message>
      <source>Larger EfficientNet: for more data.</source>
      <translation>EfficientNet mayor: para más datos.</translation>
    </message>
    <message>
      <source>Larger brush</source>
      <translation>Pincel más grande</translation>
    </message>
    <message>
      <source>Larger or smaller brush; a flood goes farther or less far</source>
      <translation>Pincel mayor o menor; una inundación llega más o menos lejos</translation>
    </message>
    <message>
      <source>Last slice</source>
      <translation>Último corte</translation>
    </message>
    <message>
      <source>Later</source>
      <translation>Después</translation>
    </message>
    <message>
      <source>Layer</source>
      <translation>Capa</translation>
    </message>
    <message>
      <source>Layer {epoch}</source>
      <translation>Capa {epoch}</translation>
    </message>
    <message>
      <source>Layers</source>
      <translation>Capas</translation>
    </message>
    <message>
      <source>LeNet-5 (max-pooling)</source>
      <translation>LeNet-5 (max pooling)</translation>
    </message>
    <message>
      <source>LeNet-5 (published)</source>
      <translation>LeNet-5 (publicada)</translation>
    </message>
    <message>
      <source>LeNet-5 (tanh)</source>
      <translation>LeNet-5 (tanh)</translation>
    </message>
    <message>
      <source>LeNet-5 with today's ReLU and max-pooling in place of tanh and average: the same weights, faster learning.</source>
      <translation>LeNet-5 con la ReLU y el max pooling de hoy en lugar de tanh y promedio: los mismos pesos, aprendizaje más rápido.</translation>
    </message>
    <message>
      <source>Learn from and validate on items that were rejected in the review too.</source>
      <translation>Aprender y validar también con elementos que se rechazaron en la revisión.</translation>
    </message>
    <message>
      <source>Learning</source>
      <translation>Aprendizaje</translation>
    </message>
    <message>
      <source>Learning curve</source>
      <translation>Curva</translation>
    </message>
    <message>
      <source>Learning curves are of the mean Dice.</source>
      <translation>Las curvas de aprendizaje son del Dice medio.</translation>
    </message>
    <message>
      <source>Learning rate</source>
      <translation>Tasa de aprend.</translation>
    </message>
    <message>
      <source>Learns from few images</source>
      <translation>Aprende de pocas imágenes</translation>
    </message>
    <message>
      <source>Learns from your masks alone.</source>
      <translation>Aprende solo de sus máscaras.</translation>
    </message>
    <message>
      <source>Learns worse the deeper it is; with sigmoid or tanh its gradients vanish.</source>
      <translation>Aprende peor cuanto más profunda es; con sigmoide o tanh sus gradientes se desvanecen.</translation>
    </message>
    <message>
      <source>Learnt from</source>
      <translation>Aprendió de</translation>
    </message>
    <message>
      <source>Least size</source>
      <translation>Tamaño mínimo</translation>
    </message>
    <message>
      <source>Leave it</source>
      <translation>Dejarla</translation>
    </message>
    <message>
      <source>Leave its settings as published, or start from none.</source>
      <translation>Deje sus ajustes como se publicaron o comience sin pesos.</translation>
    </message>
    <message>
      <source>Leave one of them there.</source>
      <translation>Deje allí solo una.</translation>
    </message>
    <message>
      <source>Leave out</source>
      <translation>Dejar fuera</translation>
    </message>
    <message>
      <source>Leave out one: --from or --weights.</source>
      <translation>Omita uno: --from o --weights.</translation>
    </message>
    <message>
      <source>Leave the network to Auto when you fine-tune.</source>
      <translation>Deje la red en Auto para el ajuste fino.</translation>
    </message>
    <message>
      <source>Leave the place out, or choose a run that paints masks.</source>
      <translation>Deje fuera el lugar, o elija un entrenamiento que pinte máscaras.</translation>
    </message>
    <message>
      <source>Leave the scan for the next part</source>
      <translation>Salir de la imagen a la parte siguiente</translation>
    </message>
    <message>
      <source>Leave the table out, or make a project that tells whole images apart.</source>
      <translation>Deje fuera la tabla, o cree un proyecto que distinga imágenes enteras.</translation>
    </message>
    <message>
      <source>Left and right</source>
      <translation>Izquierda y derecha</translation>
    </message>
    <message>
      <source>Left button</source>
      <translation>Botón izquierdo</translation>
    </message>
    <message>
      <source>Left click adds, right takes away</source>
      <translation>El clic izquierdo añade, el derecho quita</translation>
    </message>
    <message>
      <source>Left stays left, and grey levels, which mean density, move little.</source>
      <translation>La izquierda sigue siendo izquierda, y los grises, que indican densidad, se mueven poco.</translation>
    </message>
    <message>
      <source>Less exact boxes than the published one; masks of 28 × 28 px are coarse for large objects.</source>
      <translation>Cajas menos exactas que las de la publicada; las máscaras de 28 × 28 px son bastas para objetos grandes.</translation>
    </message>
    <message>
      <source>Let it train until the first validation is done.</source>
      <translation>Déjelo entrenar hasta que termine la primera validación.</translation>
    </message>
    <message>
      <source>Let one be trained to its end first.</source>
      <translation>Deje antes que uno se entrene hasta el final.</translation>
    </message>
    <message>
      <source>Level</source>
      <translation>Centro</translation>
    </message>
    <message>
      <source>LiTS (liver tumours in CT)</source>
      <translation>LiTS (tumores de hígado en TC)</translation>
    </message>
    <message>
      <source>Licence</source>
      <translation>Licencia</translation>
    </message>
    <message>
      <source>Light</source>
      <translation>Claro</translation>
    </message>
    <message>
      <source>Light network whose ImageNet weights are built in, so that they work offline.</source>
      <translation>Red ligera con pesos de ImageNet incluidos, así que funcionan sin conexión.</translation>
    </message>
    <message>
      <source>Limit</source>
      <translation>Límite</translation>
    </message>
    <message>
      <source>Live-wire</source>
      <translation>Lazo magnético</translation>
    </message>
    <message>
      <source>Liver</source>
      <translation>Hígado</translation>
    </message>
    <message>
      <source>Liver and tumours; lesions that blend into their surroundings.</source>
      <translation>Hígado y tumores; lesiones que se confunden con su entorno.</translation>
    </message>
    <message>
      <source>Load a recipe from a file</source>
      <translation>Cargar una receta de un archivo</translation>
    </message>
    <message>
      <source>Lock</source>
      <translation>Bloquear</translation>
    </message>
    <message>
      <source>Lock or unlock the class</source>
      <translation>Bloquear o desbloquear la clase</translation>
    </message>
    <message>
      <source>Lock: painting leaves this class as it is</source>
      <translation>Bloquear: pintar deja esta clase como está</translation>
    </message>
    <message>
      <source>Look again</source>
      <translation>Mirar de nuevo</translation>
    </message>
    <message>
      <source>Look at a second item as well, or at one alone</source>
      <translation>Ver también un segundo elemento, o uno solo</translation>
    </message>
    <message>
      <source>Look at beside</source>
      <translation>Ver al lado</translation>
    </message>
    <message>
      <source>Look at it in Augment</source>
      <translation>Verlo en Aumentación</translation>
    </message>
    <message>
      <source>Look at one item alone</source>
      <translation>Ver un solo elemento</translation>
    </message>
    <message>
      <source>Look inside…</source>
      <translation>Mirar dentro…</translation>
    </message>
    <message>
      <source>Looking at images and masks…</source>
      <translation>Mirando imágenes y máscaras…</translation>
    </message>
    <message>
      <source>Looking at the files…</source>
      <translation>Mirando los archivos…</translation>
    </message>
    <message>
      <source>Looking at the training set</source>
      <translation>Mirando el conjunto de entrenamiento</translation>
    </message>
    <message>
      <source>Looking at the values of CT</source>
      <translation>Mirando los valores de TC</translation>
    </message>
    <message>
      <source>Looking for devices</source>
      <translation>Buscando dispositivos</translation>
    </message>
    <message>
      <source>Looking for differences</source>
      <translation>Buscando diferencias</translation>
    </message>
    <message>
      <source>Looking for moved images</source>
      <translation>Buscando imágenes movidas</translation>
    </message>
    <message>
      <source>Looking for the class</source>
      <translation>Se busca la clase</translation>
    </message>
    <message>
      <source>Looking for weights</source>
      <translation>Buscando pesos</translation>
    </message>
    <message>
      <source>Looking inside {network}</source>
      <translation>Dentro de {network}, ante una imagen</translation>
    </message>
    <message>
      <source>Looking into {network}</source>
      <translation>Mirando dentro de {network}</translation>
    </message>
    <message>
      <source>Looking through the files…</source>
      <translation>Revisando los archivos…</translation>
    </message>
    <message>
      <source>Looking…</source>
      <translation>Buscando…</translation>
    </message>
    <message>
      <source>Loss</source>
      <translation>Pérdida</translation>
    </message>
    <message>
      <source>Loss and optimiser</source>
      <translation>Pérdida y optimizador</translation>
    </message>
    <message>
      <source>Lovász loss: follows the Jaccard index; best for the end of a training.</source>
      <translation>Pérdida de Lovász: sigue el índice de Jaccard; la mejor para el final de un entrenamiento.</translation>
    </message>
    <message>
      <source>Lung</source>
      <translation>Pulmón</translation>
    </message>
    <message>
      <source>MEAN {score}</source>
      <translation>MEDIA {score}</translation>
    </message>
    <message>
      <source>Machine</source>
      <translation>Equipo</translation>
    </message>
    <message>
      <source>Macro F1</source>
      <translation>F1 macro</translation>
    </message>
    <message>
      <source>Made for phones: little memory, fast on a CPU.</source>
      <translation>Hecha para teléfonos: poca memoria, rápida en CPU.</translation>
    </message>
    <message>
      <source>Made for pictures of 32 px: slow on large ones.</source>
      <translation>Hecha para imágenes de 32 px: lenta con las grandes.</translation>
    </message>
    <message>
      <source>Make a project with regions to bring in masks.</source>
      <translation>Cree un proyecto con regiones para incorporar máscaras.</translation>
    </message>
    <message>
      <source>Make room on the disk or choose another folder, then try again. The old file is unharmed.</source>
      <translation>Haga sitio en el disco o elija otra carpeta, e inténtelo de nuevo. El archivo anterior está intacto.</translation>
    </message>
    <message>
      <source>Make room on the disk or mend the access, then go on: what was saved before is unharmed.</source>
      <translation>Haga sitio en el disco o corrija el acceso y continúe: lo guardado antes está intacto.</translation>
    </message>
    <message>
      <source>Make room on the disk, or choose another place.</source>
      <translation>Haga sitio en el disco, o elija otro lugar.</translation>
    </message>
    <message>
      <source>Make room on the disk, then go on with the training.</source>
      <translation>Libere espacio en el disco y continúe después el entrenamiento.</translation>
    </message>
    <message>
      <source>Make room on the disk; until then it can be opened to read.</source>
      <translation>Haga sitio en el disco; hasta entonces se puede abrir para leer.</translation>
    </message>
    <message>
      <source>Making the demo</source>
      <translation>Creando la demo</translation>
    </message>
    <message>
      <source>Maps</source>
      <translation>Mapas</translation>
    </message>
    <message>
      <source>Maps of the first level; 64 is the published width, and less is lighter.</source>
      <translation>Mapas del primer nivel; 64 es la anchura publicada, y menos es más ligero.</translation>
    </message>
    <message>
      <source>Maps of the first level; 64 is the published width, which ImageNet weights need; less is lighter.</source>
      <translation>Mapas del primer nivel; 64 es la anchura publicada, la que necesitan los pesos de ImageNet; menos es más ligero.</translation>
    </message>
    <message>
      <source>Mask</source>
      <translation>Máscara</translation>
    </message>
    <message>
      <source>Mask R-CNN over any encoder, with a narrower pyramid and smaller heads; on the built-in encoder it starts from ImageNet weights offline.</source>
      <translation>Mask R-CNN sobre cualquier codificador, con una pirámide más estrecha y cabezas más pequeñas; sobre el codificador incluido parte de los pesos de ImageNet sin conexión.</translation>
    </message>
    <message>
      <source>Mask R-CNN, light</source>
      <translation>Mask R-CNN ligera</translation>
    </message>
    <message>
      <source>Mask fainter</source>
      <translation>Máscara más tenue</translation>
    </message>
    <message>
      <source>Mask of an object {shape}</source>
      <translation>Máscara de un objeto {shape}</translation>
    </message>
    <message>
      <source>Mask stronger</source>
      <translation>Máscara más intensa</translation>
    </message>
    <message>
      <source>Mask stronger or fainter</source>
      <translation>Máscara más intensa o más tenue</translation>
    </message>
    <message>
      <source>Mask value 255 was taken as {name}.</source>
      <translation>El valor 255 de la máscara se tomó como {name}.</translation>
    </message>
    <message>
      <source>Mask {shape}</source>
      <translation>Máscara {shape}</translation>
    </message>
    <message>
      <source>Masks (*.nii *.nii.gz *.nrrd *.nhdr *.png *.tif *.tiff *.bmp *.gif *.npy *.json)</source>
      <translation>Máscaras (*.nii *.nii.gz *.nrrd *.nhdr *.png *.tif *.tiff *.bmp *.gif *.npy *.json)</translation>
    </message>
    <message>
      <source>Masks are PNG, TIFF, BMP, NumPy (.npy), NIfTI or NRRD files.</source>
      <translation>Las máscaras son archivos PNG, TIFF, BMP, NumPy (.npy), NIfTI o NRRD.</translation>
    </message>
    <message>
      <source>Masks are paired by their file names: x.png with x.png or x.nii.gz.</source>
      <translation>Las máscaras se emparejan por el nombre de archivo: x.png con x.png o x.nii.gz.</translation>
    </message>
    <message>
      <source>Masks of 28 × 28 px are coarse for large objects; boxes fail where objects are long, thin and crossed. Heavy: wants a graphics card.</source>
      <translation>Las máscaras de 28 × 28 px son bastas para objetos grandes; las cajas fallan donde los objetos son largos, finos y se cruzan. Pesada: pide una tarjeta gráfica.</translation>
    </message>
    <message>
      <source>Masks of objects</source>
      <translation>Máscaras de objetos</translation>
    </message>
    <message>
      <source>Masks or classes for the images…</source>
      <translation>Máscaras o clases para las imágenes…</translation>
    </message>
    <message>
      <source>Masks were found by their images' names and the word {word} after it.</source>
      <translation>Las máscaras se encontraron por el nombre de sus imágenes seguido de la palabra {word}.</translation>
    </message>
    <message>
      <source>Max pool {side}, stride {n}</source>
      <translation>Máximo {side}, paso {n}</translation>
    </message>
    <message>
      <source>Max {side}, stride {n}</source>
      <translation>Máximo {side}, paso {n}</translation>
    </message>
    <message>
      <source>McNemar's exact test of the images that one of the two alone calls rightly</source>
      <translation>Prueba exacta de McNemar de las imágenes que acierta solo uno de los dos</translation>
    </message>
    <message>
      <source>Mean</source>
      <translation>Media</translation>
    </message>
    <message>
      <source>Mean Dice</source>
      <translation>Dice medio</translation>
    </message>
    <message>
      <source>Mean Dice over the classes: sort by it</source>
      <translation>Dice medio de las clases: ordenar por él</translation>
    </message>
    <message>
      <source>Mean Dice {value}</source>
      <translation>Dice medio {value}</translation>
    </message>
    <message>
      <source>Mean Dice {value} on the validation set.</source>
      <translation>Dice medio de {value} en el conjunto de validación.</translation>
    </message>
    <message>
      <source>Mean difference over the validation cases that both have predicted, and in how many it is better</source>
      <translation>Diferencia media en los casos de validación que ambos han predicho, y en cuántos es mejor</translation>
    </message>
    <message>
      <source>Mean over the cases that hold the class, in your mask or in the prediction</source>
      <translation>Media de los casos que contienen la clase, en su máscara o en la predicción</translation>
    </message>
    <message>
      <source>Mean over {count} items that hold the class</source>
      <translation>Media de {count} elementos que contienen la clase</translation>
    </message>
    <message>
      <source>Mean over {known} of {count} classes</source>
      <translation>Media de {known} de {count} clases</translation>
    </message>
    <message>
      <source>Mean {side}, stride {n}</source>
      <translation>Media {side}, paso {n}</translation>
    </message>
    <message>
      <source>Mean: ({parts}) / {count} = {value}</source>
      <translation>Media: ({parts}) / {count} = {value}</translation>
    </message>
    <message>
      <source>Meaning of the mask value {value}</source>
      <translation>Significado del valor {value} de la máscara</translation>
    </message>
    <message>
      <source>Measure</source>
      <translation>Medir</translation>
    </message>
    <message>
      <source>Measured: the runs of this project, on the computer that trained them.</source>
      <translation>Medido: las ejecuciones de este proyecto, en el ordenador que las entrenó.</translation>
    </message>
    <message>
      <source>Measures</source>
      <translation>Medidas</translation>
    </message>
    <message>
      <source>Measuring distances</source>
      <translation>Midiendo distancias</translation>
    </message>
    <message>
      <source>Median case</source>
      <translation>El caso mediano</translation>
    </message>
    <message>
      <source>Mediastinum</source>
      <translation>Mediastino</translation>
    </message>
    <message>
      <source>Medical images with few labelled examples; the network to measure others by.</source>
      <translation>Imágenes médicas con pocos ejemplos etiquetados; la red con la que medir las demás.</translation>
    </message>
    <message>
      <source>Medium</source>
      <translation>Media</translation>
    </message>
    <message>
      <source>Mend the rule for patients first.</source>
      <translation>Corrija primero la regla de los pacientes.</translation>
    </message>
    <message>
      <source>Merge objects</source>
      <translation>Unir objetos</translation>
    </message>
    <message>
      <source>Merge the objects</source>
      <translation>Unir los objetos</translation>
    </message>
    <message>
      <source>Message</source>
      <translation>Mensaje</translation>
    </message>
    <message>
      <source>Method</source>
      <translation>Método</translation>
    </message>
    <message>
      <source>Middle button</source>
      <translation>Botón central</translation>
    </message>
    <message>
      <source>Middling Mix Transformer: for much data.</source>
      <translation>Mix Transformer mediano: para muchos datos.</translation>
    </message>
    <message>
      <source>Minutes</source>
      <translation>Minutos</translation>
    </message>
    <message>
      <source>Minutes for the whole study; 0 lets the epochs decide.</source>
      <translation>Minutos para todo el estudio; 0 deja que decidan las épocas.</translation>
    </message>
    <message>
      <source>Minutes of training; 0 lets the epochs decide.</source>
      <translation>Minutos de entrenamiento; con 0 deciden las épocas.</translation>
    </message>
    <message>
      <source>Mirror image. Wrong where the side matters, as with the liver.</source>
      <translation>Imagen en espejo. Errónea donde importa el lado, como en el hígado.</translation>
    </message>
    <message>
      <source>Mirror images put left on the right, and {pairs} keep their names there: the network learns the wrong side. Under "Left and right" let them exchange names (sides=swap), or make no mirror images (sides=off).</source>
      <translation>Las imágenes en espejo ponen la izquierda a la derecha, y {pairs} conservan allí su nombre: la red aprende el lado equivocado. En «Izquierda y derecha» deje que intercambien sus nombres (sides=swap), o no haga imágenes en espejo (sides=off).</translation>
    </message>
    <message>
      <source>Mirror tiling</source>
      <translation>Teselas reflejadas</translation>
    </message>
    <message>
      <source>Missing here: {count} of the {total} places of this series (z = {places} mm).</source>
      <translation>Faltan aquí {count} de las {total} posiciones de esta serie (z = {places} mm).</translation>
    </message>
    <message>
      <source>Modality</source>
      <translation>Modalidad</translation>
    </message>
    <message>
      <source>Model ({pattern})</source>
      <translation>Modelo ({pattern})</translation>
    </message>
    <message>
      <source>Modern convolutional network, as good as transformers of its size.</source>
      <translation>Red convolucional moderna, tan buena como los transformers de su tamaño.</translation>
    </message>
    <message>
      <source>Modern encoders such as ConvNeXt; scenes of many parts.</source>
      <translation>Codificadores modernos como ConvNeXt; escenas de muchas partes.</translation>
    </message>
    <message>
      <source>More intricate to build; costly in its deeper forms.</source>
      <translation>Más intrincada de construir; costosa en sus formas más profundas.</translation>
    </message>
    <message>
      <source>More keys</source>
      <translation>Más teclas</translation>
    </message>
    <message>
      <source>More than twice the multiplications and memory of the U-Net for a small gain.</source>
      <translation>Más del doble de multiplicaciones y memoria que la U-Net por una ganancia pequeña.</translation>
    </message>
    <message>
      <source>Mouse</source>
      <translation>Ratón</translation>
    </message>
    <message>
      <source>Move</source>
      <translation>Mover</translation>
    </message>
    <message>
      <source>Move the picture</source>
      <translation>Mover la imagen</translation>
    </message>
    <message>
      <source>Moved across and down, each by its own share of the width and height.</source>
      <translation>Movida a lo ancho y a lo alto, cada vez por su parte del ancho y del alto.</translation>
    </message>
    <message>
      <source>Much memory: nine in ten weights sit in three fully connected layers.</source>
      <translation>Mucha memoria: nueve de cada diez pesos están en tres capas totalmente conectadas.</translation>
    </message>
    <message>
      <source>Multiply-adds</source>
      <translation>Multiplic. y sumas</translation>
    </message>
    <message>
      <source>My mask</source>
      <translation>Mi máscara</translation>
    </message>
    <message>
      <source>NIfTI, with the image's place in millimetres</source>
      <translation>NIfTI, con la posición de la imagen en milímetros</translation>
    </message>
    <message>
      <source>NOT saved</source>
      <translation>SIN guardar</translation>
    </message>
    <message>
      <source>NPV</source>
      <translation>VPN</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Nombre</translation>
    </message>
    <message>
      <source>Name each once.</source>
      <translation>Nombre cada uno una vez.</translation>
    </message>
    <message>
      <source>Name of the class</source>
      <translation>Nombre de la clase</translation>
    </message>
    <message>
      <source>Name of the run</source>
      <translation>Nombre del entrenamiento</translation>
    </message>
    <message>
      <source>Name one class, or choose multiclass.</source>
      <translation>Nombre una sola clase, o elija multiclass.</translation>
    </message>
    <message>
      <source>Name the classes to tell apart.</source>
      <translation>Nombre las clases que distinguir.</translation>
    </message>
    <message>
      <source>Name the folders of images and masks alike, or import one folder at a time.</source>
      <translation>Dé los mismos nombres a las carpetas de imágenes y máscaras, o importe las carpetas de una en una.</translation>
    </message>
    <message>
      <source>Name those that are to be compared.</source>
      <translation>Nombre las que se van a comparar.</translation>
    </message>
    <message>
      <source>Name up to the first _ or -</source>
      <translation>Nombre hasta el primer _ o -</translation>
    </message>
    <message>
      <source>Name up to the last _ or -</source>
      <translation>Nombre hasta el último _ o -</translation>
    </message>
    <message>
      <source>Names from a file…</source>
      <translation>Nombres desde un archivo…</translation>
    </message>
    <message>
      <source>Names of mask values (*.txt *.label *.ctbl *.json *.nrrd)</source>
      <translation>Nombres de los valores (*.txt *.label *.ctbl *.json *.nrrd)</translation>
    </message>
    <message>
      <source>Needs images of at least 128 px and two images a batch.</source>
      <translation>Necesita imágenes de al menos 128 px y dos imágenes por lote.</translation>
    </message>
    <message>
      <source>Neither in your mask nor in the prediction: it has no Dice and is left out of the mean.</source>
      <translation>Ni en su máscara ni en la predicción: no tiene Dice y queda fuera de la media.</translation>
    </message>
    <message>
      <source>Neither mask nor prediction hold this class: it has no Dice and is left out of the mean.</source>
      <translation>Ni la máscara ni la predicción contienen esta clase: no tiene Dice y queda fuera de la media.</translation>
    </message>
    <message>
      <source>Neither the masks nor the predictions hold this class.</source>
      <translation>Ni las máscaras ni las predicciones contienen esta clase.</translation>
    </message>
    <message>
      <source>Nested, dense skips: maps are brought closer in meaning before encoder and decoder meet.</source>
      <translation>Saltos densos y anidados: los mapas se acercan en significado antes de que codificador y decodificador se unan.</translation>
    </message>
    <message>
      <source>Network</source>
      <translation>Red</translation>
    </message>
    <message>
      <source>Network of the timm library</source>
      <translation>Red de la biblioteca timm</translation>
    </message>
    <message>
      <source>Network's view</source>
      <translation>Vista de la red</translation>
    </message>
    <message>
      <source>Networks</source>
      <translation>Redes</translation>
    </message>
    <message>
      <source>Networks compared</source>
      <translation>Redes comparadas</translation>
    </message>
    <message>
      <source>Networks to compare</source>
      <translation>Redes que comparar</translation>
    </message>
    <message>
      <source>Never taught to this run.</source>
      <translation>Nunca enseñado a este entrenamiento.</translation>
    </message>
    <message>
      <source>New class</source>
      <translation>Nueva clase</translation>
    </message>
    <message>
      <source>New classification project</source>
      <translation>Nuevo proyecto de clasificación</translation>
    </message>
    <message>
      <source>New class…</source>
      <translation>Nueva clase…</translation>
    </message>
    <message>
      <source>New project</source>
      <translation>Nuevo proyecto</translation>
    </message>
    <message>
      <source>New project from images…</source>
      <translation>Proyecto nuevo con imágenes…</translation>
    </message>
    <message>
      <source>New project…</source>
      <translation>Nuevo proyecto…</translation>
    </message>
    <message>
      <source>New study</source>
      <translation>Nuevo estudio</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>Siguiente</translation>
    </message>
    <message>
      <source>Next class</source>
      <translation>Clase siguiente</translation>
    </message>
    <message>
      <source>Next difference</source>
      <translation>Diferencia siguiente</translation>
    </message>
    <message>
      <source>Next item</source>
      <translation>Elemento siguiente</translation>
    </message>
    <message>
      <source>Next item to do</source>
      <translation>Siguiente pendiente</translation>
    </message>
    <message>
      <source>Next labelled slice</source>
      <translation>Corte etiquetado siguiente</translation>
    </message>
    <message>
      <source>Next object</source>
      <translation>Objeto siguiente</translation>
    </message>
    <message>
      <source>Next or previous slice; zooms a single picture</source>
      <translation>Corte siguiente o anterior; acerca una imagen sola</translation>
    </message>
    <message>
      <source>Next phase or echo of the series, at the same slice</source>
      <translation>Fase o eco siguiente de la serie, en el mismo corte</translation>
    </message>
    <message>
      <source>Next plane</source>
      <translation>Plano siguiente</translation>
    </message>
    <message>
      <source>Next slice</source>
      <translation>Corte siguiente</translation>
    </message>
    <message>
      <source>Next unlabelled slice</source>
      <translation>Corte sin etiquetar siguiente</translation>
    </message>
    <message>
      <source>No</source>
      <translation>No</translation>
    </message>
    <message>
      <source>No ImageNet weights of these networks lie on this machine, so all of them start from scratch.</source>
      <translation>No hay pesos de ImageNet de estas redes en este equipo: todas empiezan de cero.</translation>
    </message>
    <message>
      <source>No case is open.</source>
      <translation>No hay ningún caso abierto.</translation>
    </message>
    <message>
      <source>No case is scored for both.</source>
      <translation>Ningún caso está puntuado en los dos.</translation>
    </message>
    <message>
      <source>No change of a class is left to take back.</source>
      <translation>No queda ningún cambio de clase que deshacer.</translation>
    </message>
    <message>
      <source>No change of sets, classes or modality is left to take back.</source>
      <translation>No queda ningún cambio de conjuntos, de clases ni de modalidad por deshacer.</translation>
    </message>
    <message>
      <source>No class</source>
      <translation>Sin clase</translation>
    </message>
    <message>
      <source>No class in either: there is no Dice.</source>
      <translation>Ninguna clase en ninguna: no hay Dice.</translation>
    </message>
    <message>
      <source>No class is in the mask or in the prediction, so there is no Dice.</source>
      <translation>No hay ninguna clase en la máscara ni en la predicción: no hay Dice.</translation>
    </message>
    <message>
      <source>No encoder that could start from ImageNet weights; many multiplications at full resolution.</source>
      <translation>Sin codificador que pueda partir de pesos de ImageNet; muchas multiplicaciones a resolución completa.</translation>
    </message>
    <message>
      <source>No epoch has ended yet; stopping now keeps the network as it is.</source>
      <translation>Aún no ha terminado ninguna época; parar ahora deja la red como está.</translation>
    </message>
    <message>
      <source>No filter makes {after} px of {before} px with a stride of {stride}.</source>
      <translation>Ningún filtro da {after} px a partir de {before} px con un paso de {stride}.</translation>
    </message>
    <message>
      <source>No image belongs to this mask.</source>
      <translation>Ninguna imagen corresponde a esta máscara.</translation>
    </message>
    <message>
      <source>No image has a class yet. Label the images, or import them from a folder for each class.</source>
      <translation>Ninguna imagen tiene clase aún. Etiquete las imágenes, o impórtelas de una carpeta por clase.</translation>
    </message>
    <message>
      <source>No image is larger than the patches of {patch} px: the network sees whole images.</source>
      <translation>Ninguna imagen es mayor que los recortes de {patch} px: la red ve imágenes enteras.</translation>
    </message>
    <message>
      <source>No image is like that.</source>
      <translation>Ninguna imagen es así.</translation>
    </message>
    <message>
      <source>No image of the validation set has a class: the last weights are kept.</source>
      <translation>Ninguna imagen del conjunto de validación tiene clase: se guardan los últimos pesos.</translation>
    </message>
    <message>
      <source>No image of this set has a class.</source>
      <translation>Ninguna imagen de este conjunto tiene clase.</translation>
    </message>
    <message>
      <source>No image was found here.</source>
      <translation>Aquí no se encontró ninguna imagen.</translation>
    </message>
    <message>
      <source>No item has this name.</source>
      <translation>Ningún elemento se llama así.</translation>
    </message>
    <message>
      <source>No item holds {name}.</source>
      <translation>Ningún elemento contiene {name}.</translation>
    </message>
    <message>
      <source>No item in two sets</source>
      <translation>Ningún elemento en dos</translation>
    </message>
    <message>
      <source>No item is in this set: the Data tab makes the sets.</source>
      <translation>Ningún elemento está en este conjunto: los conjuntos se hacen en la pestaña Datos.</translation>
    </message>
    <message>
      <source>No item is in this state.</source>
      <translation>Ningún elemento está en este estado.</translation>
    </message>
    <message>
      <source>No item is left to do.</source>
      <translation>No queda ningún elemento pendiente.</translation>
    </message>
    <message>
      <source>No item is of any of the classes {names}.</source>
      <translation>Ningún elemento es de ninguna de las clases {names}.</translation>
    </message>
    <message>
      <source>No item is of the class {names}.</source>
      <translation>Ningún elemento es de la clase {names}.</translation>
    </message>
    <message>
      <source>No item of the training set has a mask yet. Paint some, or import masks.</source>
      <translation>Ningún elemento de entrenamiento tiene máscara aún. Pinte algunas, o importe máscaras.</translation>
    </message>
    <message>
      <source>No item of the training set has a mask.</source>
      <translation>Ningún elemento del conjunto de entrenamiento tiene máscara.</translation>
    </message>
    <message>
      <source>No item of the validation set has a mask: the last weights are kept.</source>
      <translation>Ningún elemento de validación tiene máscara: se guardan los últimos pesos.</translation>
    </message>
    <message>
      <source>No item of the validation set is labelled: no trial could be judged.</source>
      <translation>Ningún elemento del conjunto de validación está etiquetado: no se podría juzgar ningún ensayo.</translation>
    </message>
    <message>
      <source>No item of {file} is in the project.</source>
      <translation>Ningún elemento de {file} está en el proyecto.</translation>
    </message>
    <message>
      <source>No keys</source>
      <translation>Sin teclas</translation>
    </message>
    <message>
      <source>No licence lies beside the files: ask whoever gave them to you whether you may use them.</source>
      <translation>No hay ninguna licencia junto a los archivos: pregunte a quien se los dio si puede usarlos.</translation>
    </message>
    <message>
      <source>No mask</source>
      <translation>Sin máscara</translation>
    </message>
    <message>
      <source>No mask file is called so: {names}.</source>
      <translation>Ningún archivo de máscara se llama así: {names}.</translation>
    </message>
    <message>
      <source>No mask files are called so: {names}.</source>
      <translation>Ningún archivo de máscara se llama así: {names}.</translation>
    </message>
    <message>
      <source>No mask holds any of the classes {names}.</source>
      <translation>Ninguna máscara contiene ninguna de las clases {names}.</translation>
    </message>
    <message>
      <source>No mask holds the class {names}.</source>
      <translation>Ninguna máscara contiene la clase {names}.</translation>
    </message>
    <message>
      <source>No mask in {one} has the name of one in {other}.</source>
      <translation>Ninguna máscara de {one} se llama como una de {other}.</translation>
    </message>
    <message>
      <source>No mask of the training set holds a class: there is nothing to learn.</source>
      <translation>Ninguna máscara del conjunto de entrenamiento contiene una clase: no hay nada que aprender.</translation>
    </message>
    <message>
      <source>No mask there is named like an image.</source>
      <translation>Ninguna máscara se llama allí como una imagen.</translation>
    </message>
    <message>
      <source>No masks</source>
      <translation>Sin máscaras</translation>
    </message>
    <message>
      <source>No mirror images are made, since {pairs} are left and right.</source>
      <translation>No se hacen imágenes en espejo, porque {pairs} son izquierda y derecha.</translation>
    </message>
    <message>
      <source>No mirror images are made: in them the place would tell the wrong class.</source>
      <translation>No se hacen imágenes especulares: en ellas el lugar indicaría la clase equivocada.</translation>
    </message>
    <message>
      <source>No network has been trained yet.</source>
      <translation>Aún no se ha entrenado ninguna red.</translation>
    </message>
    <message>
      <source>No network is trained yet. Tick the ones to compare at the left, and run the study.</source>
      <translation>Aún no se ha entrenado ninguna red. Marque a la izquierda las que se comparan y ejecute el estudio.</translation>
    </message>
    <message>
      <source>No object is there yet.</source>
      <translation>Aún no hay ningún objeto.</translation>
    </message>
    <message>
      <source>No other slice is labelled.</source>
      <translation>Ningún otro corte está etiquetado.</translation>
    </message>
    <message>
      <source>No other slice is left to label.</source>
      <translation>No queda ningún otro corte por etiquetar.</translation>
    </message>
    <message>
      <source>No patient in two sets</source>
      <translation>Sin pacientes repetidos</translation>
    </message>
    <message>
      <source>No patient is known of these items: intervals take each of them for a patient of its own.</source>
      <translation>No se conoce el paciente de estos elementos: los intervalos toman cada uno como un paciente propio.</translation>
    </message>
    <message>
      <source>No patients are known: each item counts as one, but for 1 case of several images.</source>
      <translation>No se conocen pacientes: cada elemento cuenta como uno, salvo 1 caso con varias imágenes.</translation>
    </message>
    <message>
      <source>No patients are known: each item counts as one, but for {count} cases of several images.</source>
      <translation>No se conocen pacientes: cada elemento cuenta como uno, salvo {count} casos con varias imágenes.</translation>
    </message>
    <message>
      <source>No patients are known: each item counts as one.</source>
      <translation>No se conocen pacientes: cada elemento cuenta como uno.</translation>
    </message>
    <message>
      <source>No project</source>
      <translation>Sin proyecto</translation>
    </message>
    <message>
      <source>No project is open.</source>
      <translation>No hay ningún proyecto abierto.</translation>
    </message>
    <message>
      <source>No report was kept: {reason}</source>
      <translation>No se guardó ningún informe: {reason}</translation>
    </message>
    <message>
      <source>No run yet: train a network first, and its predictions are reviewed here.</source>
      <translation>Aún no hay entrenamientos: entrene primero una red, y aquí se revisan sus predicciones.</translation>
    </message>
    <message>
      <source>No set</source>
      <translation>Sin conjunto</translation>
    </message>
    <message>
      <source>No skip at full resolution: the finest maps that an encoder hands across have half of it.</source>
      <translation>Sin salto a resolución completa: los mapas más finos que pasa un codificador tienen la mitad.</translation>
    </message>
    <message>
      <source>No slice is left to carry the outline to.</source>
      <translation>No queda ningún corte al que llevar el contorno.</translation>
    </message>
    <message>
      <source>No slice is left to fill between the painted ones: paint another one further on, or pick a class that is missing between.</source>
      <translation>No queda ningún corte por rellenar entre los pintados: pinte otro más lejos o elija una clase que falte entre ellos.</translation>
    </message>
    <message>
      <source>No slice was copied yet: Ctrl+C copies the mask of the one that is open.</source>
      <translation>Aún no se copió ningún corte: Ctrl+C copia la máscara del que está abierto.</translation>
    </message>
    <message>
      <source>No top-5 error of this network was published.</source>
      <translation>No se publicó ningún error top-5 de esta red.</translation>
    </message>
    <message>
      <source>No trial of the study could be trained: {reason}</source>
      <translation>No se pudo entrenar ningún ensayo del estudio: {reason}</translation>
    </message>
    <message>
      <source>No trial of the study has a model.</source>
      <translation>Ningún ensayo del estudio tiene un modelo.</translation>
    </message>
    <message>
      <source>No trial was validated yet.</source>
      <translation>Aún no se ha validado ningún ensayo.</translation>
    </message>
    <message>
      <source>No two classes are left and right by their names: in mirror images all keep theirs.</source>
      <translation>Por sus nombres, no hay dos clases que sean izquierda y derecha: en las imágenes en espejo todas conservan el suyo.</translation>
    </message>
    <message>
      <source>No validation item has a mask: the last network is kept, not the best.</source>
      <translation>Ningún elemento de validación tiene máscara: se guarda la última red, no la mejor.</translation>
    </message>
    <message>
      <source>Nobody can know whose shapes they are: give every image an id of its own.</source>
      <translation>Nadie puede saber de cuál son las formas: dé a cada imagen un id propio.</translation>
    </message>
    <message>
      <source>Nodules in CT, nuclei, liver in CT, polyps</source>
      <translation>Nódulos en TC, núcleos, hígado en TC, pólipos</translation>
    </message>
    <message>
      <source>Noise</source>
      <translation>Ruido</translation>
    </message>
    <message>
      <source>None</source>
      <translation>Ninguna</translation>
    </message>
    <message>
      <source>None of the networks has ImageNet weights.</source>
      <translation>Ninguna de las redes tiene pesos de ImageNet.</translation>
    </message>
    <message>
      <source>None of the networks has a setting {key}.</source>
      <translation>Ninguna de las redes tiene un ajuste {key}.</translation>
    </message>
    <message>
      <source>None yet</source>
      <translation>Ninguno aún</translation>
    </message>
    <message>
      <source>Not found as they are</source>
      <translation>No detectados tal cual</translation>
    </message>
    <message>
      <source>Not learnt, so left out: {names}</source>
      <translation>No aprendidas, así que fuera: {names}</translation>
    </message>
    <message>
      <source>Not predicted yet.</source>
      <translation>Aún sin predicción.</translation>
    </message>
    <message>
      <source>Not read</source>
      <translation>No leídos</translation>
    </message>
    <message>
      <source>Not said</source>
      <translation>Sin decir</translation>
    </message>
    <message>
      <source>Not trained yet: weights as the seed {seed} draws them, grey values as this image alone would set them.</source>
      <translation>Aún sin entrenar: pesos como los sortea la semilla {seed}, valores de gris como los fijaría esta sola imagen.</translation>
    </message>
    <message>
      <source>Not written: {names}.</source>
      <translation>No se escribieron: {names}.</translation>
    </message>
    <message>
      <source>Nothing but 3x3 filters, stacked deep: 13 convolutions, 5 max-poolings and 3 fully connected layers.</source>
      <translation>Solo filtros de 3x3, apilados en profundidad: 13 convoluciones, 5 max pooling y 3 capas totalmente conectadas.</translation>
    </message>
    <message>
      <source>Nothing but 3x3 filters, stacked deep: 16 convolutions, 5 max-poolings and 3 fully connected layers.</source>
      <translation>Solo filtros de 3x3, apilados en profundidad: 16 convoluciones, 5 max pooling y 3 capas totalmente conectadas.</translation>
    </message>
    <message>
      <source>Nothing changed: the class is locked.</source>
      <translation>Nada cambió: la clase está bloqueada.</translation>
    </message>
    <message>
      <source>Nothing changes here yet: before a training μ = 0, σ = 1, γ = 1 and β = 0. Each step of a training takes μ and σ from its own batch instead, and so gives mean 0 and spread 1.</source>
      <translation>Aquí aún no cambia nada: antes de entrenar, μ = 0, σ = 1, γ = 1 y β = 0. Cada paso del entrenamiento toma μ y σ de su propio lote, y así da media 0 y desviación 1.</translation>
    </message>
    <message>
      <source>Nothing changes: by these shares the items stand in these sets already. More images or other shares help.</source>
      <translation>Nada cambia: con estas partes los elementos ya están en estos conjuntos. Ayudan más imágenes u otras partes.</translation>
    </message>
    <message>
      <source>Nothing comes out between: the shapes lie too far apart, or other classes are there already. Paint a slice between them.</source>
      <translation>No resulta nada entre ellos: las formas están demasiado lejos una de otra, o ya hay otras clases. Pinte un corte intermedio.</translation>
    </message>
    <message>
      <source>Nothing has been trained yet.</source>
      <translation>Aún no se ha entrenado nada.</translation>
    </message>
    <message>
      <source>Nothing has been trained yet. The curves of a run grow here.</source>
      <translation>Aún no se ha entrenado nada. Aquí crecen las curvas de un entrenamiento.</translation>
    </message>
    <message>
      <source>Nothing here</source>
      <translation>Nada aquí</translation>
    </message>
    <message>
      <source>Nothing here fits the search and the filter.</source>
      <translation>Nada aquí corresponde a la búsqueda y al filtro.</translation>
    </message>
    <message>
      <source>Nothing in its last maps speaks for this class.</source>
      <translation>Nada en sus últimos mapas apoya esta clase.</translation>
    </message>
    <message>
      <source>Nothing in {name} fits this network.</source>
      <translation>Nada en {name} encaja con esta red.</translation>
    </message>
    <message>
      <source>Nothing is being trained.</source>
      <translation>No hay ningún entrenamiento en curso.</translation>
    </message>
    <message>
      <source>Nothing is called so.</source>
      <translation>Nada se llama así.</translation>
    </message>
    <message>
      <source>Nothing is changed.</source>
      <translation>No se cambia nada.</translation>
    </message>
    <message>
      <source>Nothing is kept from now on. Save a copy of the project elsewhere and go on there.</source>
      <translation>Desde ahora no se guarda nada. Guarde una copia del proyecto en otro lugar y siga allí.</translation>
    </message>
    <message>
      <source>Nothing is left of it. Click into the structure, or Ctrl+Z.</source>
      <translation>No queda nada. Haga clic en la estructura, o Ctrl+Z.</translation>
    </message>
    <message>
      <source>Nothing is on this slice</source>
      <translation>No hay nada en este corte</translation>
    </message>
    <message>
      <source>Nothing is painted here yet: draw a stroke in each structure, then grow them.</source>
      <translation>Aquí aún no hay nada pintado: haga un trazo en cada estructura y luego hágalos crecer.</translation>
    </message>
    <message>
      <source>Nothing is painted here yet: paint two slices with some between them, and they can be filled.</source>
      <translation>Aquí no hay nada pintado todavía: pinte dos cortes con otros en medio y estos se podrán rellenar.</translation>
    </message>
    <message>
      <source>Nothing is painted on slice {number}.</source>
      <translation>No hay nada pintado en el corte {number}.</translation>
    </message>
    <message>
      <source>Nothing is painted on this slice.</source>
      <translation>En este corte no hay nada pintado.</translation>
    </message>
    <message>
      <source>Nothing is painted yet. Paint on the slices, and the surface of the mask appears here.</source>
      <translation>Aún no hay nada pintado. Pinte en los cortes y la superficie de la máscara aparecerá aquí.</translation>
    </message>
    <message>
      <source>Nothing is trained yet. Give images classes, then compare networks.</source>
      <translation>Aún no se ha entrenado nada. Dé clases a las imágenes y compare redes.</translation>
    </message>
    <message>
      <source>Nothing is validated, so the training does not stop early.</source>
      <translation>No se valida nada, así que el entrenamiento no se detiene antes de tiempo.</translation>
    </message>
    <message>
      <source>Nothing is wrong.</source>
      <translation>Todo está bien.</translation>
    </message>
    <message>
      <source>Nothing leaves this computer</source>
      <translation>Nada sale de este equipo</translation>
    </message>
    <message>
      <source>Nothing leaves this computer.</source>
      <translation>Nada sale de este equipo.</translation>
    </message>
    <message>
      <source>Nothing lies between: no class is on both of two painted slices with unpainted ones between. Paint one on both.</source>
      <translation>No hay nada entre ellos: ninguna clase está en dos cortes pintados con otros sin pintar en medio. Pinte una en ambos.</translation>
    </message>
    <message>
      <source>Nothing of any class is left of images that are reduced to {size} px.</source>
      <translation>No queda nada de ninguna clase en imágenes reducidas a {size} px.</translation>
    </message>
    <message>
      <source>Nothing of it belongs to an image.</source>
      <translation>Nada de ello corresponde a una imagen.</translation>
    </message>
    <message>
      <source>Nothing of it lies on a pixel of the image.</source>
      <translation>No abarca ningún píxel de la imagen.</translation>
    </message>
    <message>
      <source>Nothing of the mask of slice {number} is left on the next one.</source>
      <translation>De la máscara del corte {number} no queda nada en el siguiente.</translation>
    </message>
    <message>
      <source>Nothing of {label} is left of the mask where the image lies.</source>
      <translation>De la máscara no queda nada de {label} en la zona de la imagen.</translation>
    </message>
    <message>
      <source>Nothing of {names} is left of images that are reduced to {size} px: it is not learnt.</source>
      <translation>No queda nada de {names} en imágenes reducidas a {size} px: no se aprende.</translation>
    </message>
    <message>
      <source>Nothing of {names} is left of images that are reduced to {size} px: they are not learnt.</source>
      <translation>No queda nada de {names} en imágenes reducidas a {size} px: no se aprenden.</translation>
    </message>
    <message>
      <source>Nothing speaks for {name} at the cross.</source>
      <translation>Nada habla a favor de {name} en la cruz.</translation>
    </message>
    <message>
      <source>Nothing to take the mean of.</source>
      <translation>Nada de que tomar la media.</translation>
    </message>
    <message>
      <source>Nothing was copied: what it would change is locked, or may not be painted over.</source>
      <translation>No se copió nada: lo que cambiaría está bloqueado o no se puede pintar encima.</translation>
    </message>
    <message>
      <source>Nothing was erased: no slice holds anything there that is not locked.</source>
      <translation>No se borró nada: ningún corte tiene ahí algo que no esté bloqueado.</translation>
    </message>
    <message>
      <source>Nothing was erased: nothing is painted there that is not locked.</source>
      <translation>No se borró nada: ahí no hay nada pintado que no esté bloqueado.</translation>
    </message>
    <message>
      <source>Nothing was labelled here when it was opened: what the model says is no mistake, and labelled slices alone are scored.</source>
      <translation>Aquí no había nada etiquetado al abrirlo: lo que dice el modelo no es un error, y solo puntúan los cortes etiquetados.</translation>
    </message>
    <message>
      <source>Nothing was painted here yet.</source>
      <translation>Aquí aún no se ha pintado nada.</translation>
    </message>
    <message>
      <source>Nothing was painted: it is painted already, locked, or may not be painted over.</source>
      <translation>No se ha pintado nada: ya está pintado, está bloqueado o no se puede pintar encima.</translation>
    </message>
    <message>
      <source>Nothing was painted: no value here is from {low} to {high}. J switches the range off.</source>
      <translation>No se pintó nada: aquí ningún valor está entre {low} y {high}. J desactiva el intervalo.</translation>
    </message>
    <message>
      <source>Nothing would change.</source>
      <translation>No cambiaría nada.</translation>
    </message>
    <message>
      <source>Nowhere.</source>
      <translation>En ninguna parte.</translation>
    </message>
    <message>
      <source>Number the objects anew</source>
      <translation>Numerar de nuevo los objetos</translation>
    </message>
    <message>
      <source>Number them from 0 in the file, or add a class for 0 to the project.</source>
      <translation>Numérelas desde 0 en el archivo o añada al proyecto una clase para el 0.</translation>
    </message>
    <message>
      <source>Objects</source>
      <translation>Objetos</translation>
    </message>
    <message>
      <source>Objects are not averaged over mirror images: the network looks once.</source>
      <translation>Los objetos no se promedian sobre imágenes especulares: la red mira una sola vez.</translation>
    </message>
    <message>
      <source>Objects by</source>
      <translation>Objetos por</translation>
    </message>
    <message>
      <source>Objects have sides of about {usual:.0f} px: they are looked for in squares of {anchors} px, at most {most} in an image.</source>
      <translation>Los objetos tienen lados de unos {usual:.0f} px: se buscan en cuadrados de {anchors} px, como mucho {most} en una imagen.</translation>
    </message>
    <message>
      <source>Objects of mixed sizes.</source>
      <translation>Objetos de tamaños variados.</translation>
    </message>
    <message>
      <source>Objects one by one</source>
      <translation>Objetos uno a uno</translation>
    </message>
    <message>
      <source>Objects' F1</source>
      <translation>F1 de objetos</translation>
    </message>
    <message>
      <source>Objects: {figures}; {counts}</source>
      <translation>Objetos: {figures}; {counts}</translation>
    </message>
    <message>
      <source>Occlusion</source>
      <translation>Oclusión</translation>
    </message>
    <message>
      <source>Of</source>
      <translation>De</translation>
    </message>
    <message>
      <source>Of 1 item that holds the class</source>
      <translation>De 1 elemento que contiene la clase</translation>
    </message>
    <message>
      <source>Of all images, the share that is called rightly</source>
      <translation>De todas las imágenes, la parte que se acierta</translation>
    </message>
    <message>
      <source>Of the ResNet that reads the image.</source>
      <translation>De la ResNet que lee la imagen.</translation>
    </message>
    <message>
      <source>Of the images with the finding, the share that was found</source>
      <translation>De las imágenes con el hallazgo, la parte detectada</translation>
    </message>
    <message>
      <source>Of the images without it, the share that was called free of it</source>
      <translation>De las imágenes sin él, la parte que se dio por libre</translation>
    </message>
    <message>
      <source>Of the masks with {count} channels some leave places free in all of them and others do not, so nobody can know whether the first channel is the background.</source>
      <translation>De las máscaras con {count} canales, algunas dejan lugares libres en todos ellos y otras no, así que nadie puede saber si el primer canal es el fondo.</translation>
    </message>
    <message>
      <source>Of the two fully connected layers; 4096 as published, where most of the weights are.</source>
      <translation>De las dos capas totalmente conectadas; 4096 como se publicó, donde están casi todos los pesos.</translation>
    </message>
    <message>
      <source>Of those called negative, the share that is: negative predictive value in this set</source>
      <translation>De las llamadas negativas, la parte que lo es: valor predictivo negativo en este conjunto</translation>
    </message>
    <message>
      <source>Of those called positive, the share that is: positive predictive value in this set</source>
      <translation>De las llamadas positivas, la parte que lo es: valor predictivo positivo en este conjunto</translation>
    </message>
    <message>
      <source>Of {count} of {total} items no patient is known: intervals take each of them for a patient of its own.</source>
      <translation>De {count} de {total} elementos no se conoce el paciente: los intervalos toman cada uno como un paciente propio.</translation>
    </message>
    <message>
      <source>On lists, tables and plots: what can be done with it</source>
      <translation>Sobre listas, tablas y gráficos: lo que se puede hacer con ellos</translation>
    </message>
    <message>
      <source>On the eye of a class in the list: this one alone</source>
      <translation>Sobre el ojo de una clase de la lista: solo esta</translation>
    </message>
    <message>
      <source>On the first point of a polygon or live-wire: close it</source>
      <translation>Sobre el primer punto de un polígono o lazo magnético: cerrarlo</translation>
    </message>
    <message>
      <source>On the polygon's first point: erase what is in it, with Shift through all slices</source>
      <translation>Sobre el primer punto del polígono: borrar lo que encierra, con Mayús en todos los cortes</translation>
    </message>
    <message>
      <source>On the title of a view: that view alone, or one of each plane</source>
      <translation>En el título de una vista: esa vista sola, o una de cada plano</translation>
    </message>
    <message>
      <source>On the validation set, by which runs are chosen</source>
      <translation>En el conjunto de validación, por el que se elige entre los entrenamientos</translation>
    </message>
    <message>
      <source>On the validation set: AP50 of networks that tell objects apart, mean Dice of the others</source>
      <translation>En el conjunto de validación: AP50 de las redes que separan objetos, Dice medio de las demás</translation>
    </message>
    <message>
      <source>On the window's numbers over the scan: type them</source>
      <translation>Sobre los números de la ventana en la imagen: escribirlos</translation>
    </message>
    <message>
      <source>On these items the second is better than the winner by more than chance.</source>
      <translation>En estos elementos el segundo supera al ganador por más que el azar.</translation>
    </message>
    <message>
      <source>On these items the two do not surely differ: the interval of their difference holds 0.</source>
      <translation>En estos elementos no es seguro que los dos difieran: el intervalo de su diferencia contiene el 0.</translation>
    </message>
    <message>
      <source>On these items the winner is better than the second by more than chance.</source>
      <translation>En estos elementos el ganador supera al segundo por más que el azar.</translation>
    </message>
    <message>
      <source>One black square, its side a share of the shorter side. The mask is background there.</source>
      <translation>Un cuadrado negro; su lado es una parte del lado más corto. Ahí la máscara es fondo.</translation>
    </message>
    <message>
      <source>One class</source>
      <translation>Una clase</translation>
    </message>
    <message>
      <source>One class for each whole image: a key press.</source>
      <translation>Una clase para cada imagen entera: una tecla.</translation>
    </message>
    <message>
      <source>One map of the same width for every scale, predicted from their sum.</source>
      <translation>Un mapa del mismo ancho para cada escala; se predice con su suma.</translation>
    </message>
    <message>
      <source>One mask for one image, or a COCO file (.json)</source>
      <translation>Una máscara para una imagen, o un archivo COCO (.json)</translation>
    </message>
    <message>
      <source>One of the pair of the paper's first figure: of 20 and 56 plain layers the deeper learns worse, even on the images that it learns from.</source>
      <translation>Una de la pareja de la primera figura del artículo: de 20 y 56 capas simples, la más profunda aprende peor, incluso con las imágenes de las que aprende.</translation>
    </message>
    <message>
      <source>One structure</source>
      <translation>Una estructura</translation>
    </message>
    <message>
      <source>One structure, several, or objects through their distances; CT, MR, films, photographs and microscopy, 2D and slice by slice.</source>
      <translation>Una estructura, varias, u objetos por sus distancias; TC, RM, radiografías, fotografías y microscopía, en 2D y corte a corte.</translation>
    </message>
    <message>
      <source>One value behind it sees the whole image.</source>
      <translation>Un valor tras ella ve la imagen entera.</translation>
    </message>
    <message>
      <source>One value behind it sees {n}×{n} px of its input.</source>
      <translation>Un valor tras ella ve {n}×{n} px de su entrada.</translation>
    </message>
    <message>
      <source>One value behind it sees {n}×{n} px of the image.</source>
      <translation>Un valor tras ella ve {n}×{n} px de la imagen.</translation>
    </message>
    <message>
      <source>Only 1 item was scored: so few say little.</source>
      <translation>Solo se evaluó 1 elemento: tan pocos dicen poco.</translation>
    </message>
    <message>
      <source>Only CT has these windows: its values are in HU.</source>
      <translation>Solo la TC tiene estas ventanas: sus valores están en HU.</translation>
    </message>
    <message>
      <source>Only background</source>
      <translation>Solo el fondo</translation>
    </message>
    <message>
      <source>Only in small places.</source>
      <translation>Solo en sitios pequeños.</translation>
    </message>
    <message>
      <source>Only projects of objects one by one tell objects apart.</source>
      <translation>Solo los proyectos de objetos uno a uno distinguen objetos.</translation>
    </message>
    <message>
      <source>Only slice {number} is painted: paint another one further on, and what lies between is filled.</source>
      <translation>Solo está pintado el corte {number}: pinte otro más adelante y se rellena lo que queda en medio.</translation>
    </message>
    <message>
      <source>Only the first of {count} channels was read.</source>
      <translation>Solo se leyó el primero de {count} canales.</translation>
    </message>
    <message>
      <source>Only the first of {count} pictures was read.</source>
      <translation>Solo se leyó la primera de {count} imágenes.</translation>
    </message>
    <message>
      <source>Only the first of {count} volumes was read.</source>
      <translation>Solo se leyó el primero de {count} volúmenes.</translation>
    </message>
    <message>
      <source>Only the objects that are picked</source>
      <translation>Solo los objetos elegidos</translation>
    </message>
    <message>
      <source>Only the outlines of both</source>
      <translation>Solo los contornos de ambas</translation>
    </message>
    <message>
      <source>Only the pixel size at the detector is known ({size} mm), not how much the image is magnified: lengths are in pixels.</source>
      <translation>Solo se conoce el tamaño de píxel en el detector ({size} mm), no cuánto está ampliada la imagen: las longitudes están en píxeles.</translation>
    </message>
    <message>
      <source>Only the pixel size on the scanned film is known ({size} mm): lengths are in pixels.</source>
      <translation>Solo se conoce el tamaño de píxel en la película escaneada ({size} mm): las longitudes están en píxeles.</translation>
    </message>
    <message>
      <source>Only the places of maxima are handed across, so fine outlines are softer than the U-Net's.</source>
      <translation>Solo pasan los lugares de los máximos, así que los contornos finos son más blandos que los de U-Net.</translation>
    </message>
    <message>
      <source>Only this class</source>
      <translation>Solo esta clase</translation>
    </message>
    <message>
      <source>Only this one</source>
      <translation>Solo esta</translation>
    </message>
    <message>
      <source>Only this slice</source>
      <translation>Solo este corte</translation>
    </message>
    <message>
      <source>Only what hangs together with the pointer</source>
      <translation>Solo lo que está unido al puntero</translation>
    </message>
    <message>
      <source>Only {count} items were scored: so few say little.</source>
      <translation>Solo se evaluaron {count} elementos: tan pocos dicen poco.</translation>
    </message>
    <message>
      <source>Only {name}</source>
      <translation>Solo {name}</translation>
    </message>
    <message>
      <source>Opacity</source>
      <translation>Opacidad</translation>
    </message>
    <message>
      <source>Open</source>
      <translation>Abrir</translation>
    </message>
    <message>
      <source>Open a project (a folder ending in .contorno)</source>
      <translation>Abrir un proyecto (carpeta terminada en .contorno)</translation>
    </message>
    <message>
      <source>Open a project first.</source>
      <translation>Abra primero un proyecto.</translation>
    </message>
    <message>
      <source>Open a project to review what a network says of its images.</source>
      <translation>Abra un proyecto para revisar lo que una red dice de sus imágenes.</translation>
    </message>
    <message>
      <source>Open a project to see what augmentation does to its images.</source>
      <translation>Abra un proyecto para ver lo que la aumentación hace con sus imágenes.</translation>
    </message>
    <message>
      <source>Open a project to train a network on it.</source>
      <translation>Abra un proyecto para entrenar una red con él.</translation>
    </message>
    <message>
      <source>Open a project, a folder whose name ends in .contorno.</source>
      <translation>Abrir un proyecto, una carpeta cuyo nombre termina en .contorno.</translation>
    </message>
    <message>
      <source>Open an item first.</source>
      <translation>Abra primero un elemento.</translation>
    </message>
    <message>
      <source>Open it once where its folder can be written.</source>
      <translation>Ábralo una vez donde se pueda escribir en su carpeta.</translation>
    </message>
    <message>
      <source>Open it to read only, or mend the access to its folder.</source>
      <translation>Ábralo solo para lectura, o corrija el acceso a su carpeta.</translation>
    </message>
    <message>
      <source>Open it to read only, or put the file or folder itself there.</source>
      <translation>Ábralo solo para leer, o ponga allí el archivo o la carpeta mismos.</translation>
    </message>
    <message>
      <source>Open it with the newer version; nothing was changed.</source>
      <translation>Ábralo con la versión más nueva; no se cambió nada.</translation>
    </message>
    <message>
      <source>Open it, or choose another name.</source>
      <translation>Ábralo, o elija otro nombre.</translation>
    </message>
    <message>
      <source>Open project…</source>
      <translation>Abrir proyecto…</translation>
    </message>
    <message>
      <source>Open recent</source>
      <translation>Abrir reciente</translation>
    </message>
    <message>
      <source>Open the demo</source>
      <translation>Abrir la demo</translation>
    </message>
    <message>
      <source>Open the log's folder</source>
      <translation>Abrir la carpeta del registro</translation>
    </message>
    <message>
      <source>Opened lately</source>
      <translation>Abiertos hace poco</translation>
    </message>
    <message>
      <source>Opening {name}, {percent} %</source>
      <translation>Abriendo {name}, {percent} %</translation>
    </message>
    <message>
      <source>Opening {name}…</source>
      <translation>Abriendo {name}…</translation>
    </message>
    <message>
      <source>Optimiser</source>
      <translation>Optimizador</translation>
    </message>
    <message>
      <source>Optimiser and rate</source>
      <translation>Optimizador y tasa</translation>
    </message>
    <message>
      <source>Original</source>
      <translation>Original</translation>
    </message>
    <message>
      <source>Other keys</source>
      <translation>Otras teclas</translation>
    </message>
    <message>
      <source>Other samples of the augmentation</source>
      <translation>Otras muestras del aumento</translation>
    </message>
    <message>
      <source>Outline</source>
      <translation>Contorno</translation>
    </message>
    <message>
      <source>Outline only</source>
      <translation>Solo el contorno</translation>
    </message>
    <message>
      <source>Outline the structure on one slice first, then it can be carried through the others.</source>
      <translation>Contornee primero la estructura en un corte; después se puede llevar por los demás.</translation>
    </message>
    <message>
      <source>Outlines</source>
      <translation>Contornos</translation>
    </message>
    <message>
      <source>Outlines come from scores 16 px apart. 134 million weights without batch normalisation: wants ImageNet weights.</source>
      <translation>Los contornos salen de puntuaciones separadas 16 px. 134 millones de pesos sin normalización por lotes: pide pesos de ImageNet.</translation>
    </message>
    <message>
      <source>Outlines come from scores 8 px apart. 134 million weights without batch normalisation: wants ImageNet weights.</source>
      <translation>Los contornos salen de puntuaciones separadas 8 px. 134 millones de pesos sin normalización por lotes: pide pesos de ImageNet.</translation>
    </message>
    <message>
      <source>Outlining</source>
      <translation>Contorneando</translation>
    </message>
    <message>
      <source>Output</source>
      <translation>Salida</translation>
    </message>
    <message>
      <source>Over</source>
      <translation>Encima</translation>
    </message>
    <message>
      <source>Over a single picture: next or previous item</source>
      <translation>Sobre una imagen única: elemento siguiente o anterior</translation>
    </message>
    <message>
      <source>Over the scan: hide or show the columns</source>
      <translation>Sobre la imagen: ocultar o mostrar las columnas</translation>
    </message>
    <message>
      <source>Over the second item: its window alone, and back to its own</source>
      <translation>Sobre el segundo elemento: solo su ventana, y de vuelta a la suya</translation>
    </message>
    <message>
      <source>Over the surface of the mask: from the front again</source>
      <translation>Sobre la superficie de la máscara: otra vez de frente</translation>
    </message>
    <message>
      <source>Over the surface of the mask: turn, move, zoom; a click goes there</source>
      <translation>Sobre la superficie de la máscara: girar, mover, ampliar; un clic va allí</translation>
    </message>
    <message>
      <source>Overlap of mask and prediction, 0 to 1</source>
      <translation>Coincidencia de máscara y predicción, de 0 a 1</translation>
    </message>
    <message>
      <source>Overlap of tiles</source>
      <translation>Solape de teselas</translation>
    </message>
    <message>
      <source>Overlay</source>
      <translation>Superposición</translation>
    </message>
    <message>
      <source>Overview</source>
      <translation>Vista general</translation>
    </message>
    <message>
      <source>Own</source>
      <translation>Propia</translation>
    </message>
    <message>
      <source>Own settings</source>
      <translation>Ajustes propios</translation>
    </message>
    <message>
      <source>PET</source>
      <translation>PET</translation>
    </message>
    <message>
      <source>PNG of 16 bits, the object's number as the pixel's value</source>
      <translation>PNG de 16 bits, con el número del objeto como valor del píxel</translation>
    </message>
    <message>
      <source>PNG, the class's number as the pixel's value</source>
      <translation>PNG, con el número de la clase como valor del píxel</translation>
    </message>
    <message>
      <source>PPV</source>
      <translation>VPP</translation>
    </message>
    <message>
      <source>Padding</source>
      <translation>Relleno</translation>
    </message>
    <message>
      <source>Pages of another size or kind were left out.</source>
      <translation>Se omitieron las páginas de otro tamaño o tipo.</translation>
    </message>
    <message>
      <source>Paint many things alike, each for itself: cells, nodules.</source>
      <translation>Pintar muchas cosas iguales, cada una aparte: células, nódulos.</translation>
    </message>
    <message>
      <source>Paint masks or predict first, or export empty masks too.</source>
      <translation>Pinte máscaras o prediga primero, o exporte también las máscaras vacías.</translation>
    </message>
    <message>
      <source>Paint one thing: lungs, a tumour. Each pixel is it or background.</source>
      <translation>Pintar una sola cosa: pulmones, un tumor. Cada píxel es eso o fondo.</translation>
    </message>
    <message>
      <source>Paint one: each stroke beside the others begins a new object.</source>
      <translation>Pinte uno: cada trazo fuera de los demás empieza un objeto nuevo.</translation>
    </message>
    <message>
      <source>Paint only in a range of values</source>
      <translation>Pintar solo en un intervalo de valores</translation>
    </message>
    <message>
      <source>Paint or import masks, and divide the items into sets in the Data tab.</source>
      <translation>Pinte o importe máscaras, y reparta los elementos en conjuntos en la pestaña Datos.</translation>
    </message>
    <message>
      <source>Paint or import some, then train again.</source>
      <translation>Pinte o importe algunos y entrene de nuevo.</translation>
    </message>
    <message>
      <source>Paint over</source>
      <translation>Pintar sobre</translation>
    </message>
    <message>
      <source>Paint several things: liver, spleen, aorta. Each pixel is one of them.</source>
      <translation>Pintar varias cosas: hígado, bazo, aorta. Cada píxel es una de ellas.</translation>
    </message>
    <message>
      <source>Paper</source>
      <translation>Artículo</translation>
    </message>
    <message>
      <source>Parameters</source>
      <translation>Parámetros</translation>
    </message>
    <message>
      <source>Part of it is locked, or may not be painted over.</source>
      <translation>Una parte está bloqueada o no se puede pintar encima.</translation>
    </message>
    <message>
      <source>Part of the training that is done</source>
      <translation>Parte del entrenamiento que está hecha</translation>
    </message>
    <message>
      <source>Part {number} of {count}: each place was taken {count} times.</source>
      <translation>Parte {number} de {count}: cada lugar se tomó {count} veces.</translation>
    </message>
    <message>
      <source>Parts</source>
      <translation>Partes</translation>
    </message>
    <message>
      <source>Parts from</source>
      <translation>Partes desde</translation>
    </message>
    <message>
      <source>Paste it on this slice</source>
      <translation>Pegarla en este corte</translation>
    </message>
    <message>
      <source>Pasted slice</source>
      <translation>Corte pegado</translation>
    </message>
    <message>
      <source>Patch</source>
      <translation>Parche</translation>
    </message>
    <message>
      <source>Patient</source>
      <translation>Paciente</translation>
    </message>
    <message>
      <source>Patient {patient} is in more than one set: {sets}.</source>
      <translation>El paciente {patient} está en más de un conjunto: {sets}.</translation>
    </message>
    <message>
      <source>Patients</source>
      <translation>Pacientes</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>Pausar</translation>
    </message>
    <message>
      <source>Pause or go on</source>
      <translation>Pausar o continuar</translation>
    </message>
    <message>
      <source>Phase</source>
      <translation>Fase</translation>
    </message>
    <message>
      <source>Phases a second</source>
      <translation>Fases por segundo</translation>
    </message>
    <message>
      <source>Phases of the series</source>
      <translation>Fases de la serie</translation>
    </message>
    <message>
      <source>Pick a class first: background is what is left.</source>
      <translation>Elija antes una clase: el fondo es lo que queda.</translation>
    </message>
    <message>
      <source>Pick a class first: no prediction knows what is unlabelled.</source>
      <translation>Elija antes una clase: ninguna predicción sabe qué está sin etiquetar.</translation>
    </message>
    <message>
      <source>Pick a class first: objects have one, and what is unlabelled is no object.</source>
      <translation>Elija antes una clase: los objetos tienen una, y lo que está sin etiquetar no es ningún objeto.</translation>
    </message>
    <message>
      <source>Pick a measure first.</source>
      <translation>Elija antes una medida.</translation>
    </message>
    <message>
      <source>Pick a network of the list to see its own settings.</source>
      <translation>Elija una red de la lista para ver sus ajustes propios.</translation>
    </message>
    <message>
      <source>Pick objects in the list first.</source>
      <translation>Elija primero objetos en la lista.</translation>
    </message>
    <message>
      <source>Pick several in the list.</source>
      <translation>Elija varios en la lista.</translation>
    </message>
    <message>
      <source>Pick the class under the pointer</source>
      <translation>Tomar la clase bajo el puntero</translation>
    </message>
    <message>
      <source>Pictures ({pattern})</source>
      <translation>Imágenes ({pattern})</translation>
    </message>
    <message>
      <source>Pixels left out on purpose: never learnt, never scored</source>
      <translation>Píxeles que se dejan fuera a propósito: ni se aprenden ni se puntúan</translation>
    </message>
    <message>
      <source>Pixels per class</source>
      <translation>Píxeles por clase</translation>
    </message>
    <message>
      <source>Places without a number (NaN) were taken as background.</source>
      <translation>Los puntos sin número (NaN) se tomaron como fondo.</translation>
    </message>
    <message>
      <source>Plain 3x3 convolutions with batch normalisation: heavy.</source>
      <translation>Convoluciones 3x3 simples con normalización por lotes: pesada.</translation>
    </message>
    <message>
      <source>Plain gradient descent with momentum: wants a well-chosen rate.</source>
      <translation>Descenso de gradiente simple con momento: pide una tasa bien elegida.</translation>
    </message>
    <message>
      <source>Plan the next run</source>
      <translation>Planear el próximo</translation>
    </message>
    <message>
      <source>Planning the training</source>
      <translation>Planificando</translation>
    </message>
    <message>
      <source>Play the phases of the series, or stop</source>
      <translation>Reproducir las fases de la serie, o parar</translation>
    </message>
    <message>
      <source>Plus and minus</source>
      <translation>Más y menos</translation>
    </message>
    <message>
      <source>Point at a sample to see it large</source>
      <translation>Señale una muestra para verla en grande</translation>
    </message>
    <message>
      <source>Point at an object, or pick it in the list.</source>
      <translation>Señale un objeto o elíjalo en la lista.</translation>
    </message>
    <message>
      <source>Points of a closed one can be moved</source>
      <translation>Los puntos de uno cerrado se pueden mover</translation>
    </message>
    <message>
      <source>Polygon</source>
      <translation>Polígono</translation>
    </message>
    <message>
      <source>Polygon, live-wire and measures: take the last point back</source>
      <translation>Polígono, lazo magnético y medidas: quitar el último punto</translation>
    </message>
    <message>
      <source>Pooling</source>
      <translation>Agrupamiento</translation>
    </message>
    <message>
      <source>Pools the deepest maps over grids of 1, 2, 3 and 6 fields, so that each pixel knows the whole scene.</source>
      <translation>Agrupa los mapas más profundos en rejillas de 1, 2, 3 y 6 campos, y cada píxel conoce toda la escena.</translation>
    </message>
    <message>
      <source>Precision</source>
      <translation>Precisión</translation>
    </message>
    <message>
      <source>Precision and recall, average precision</source>
      <translation>Precisión y exhaustividad, precisión media</translation>
    </message>
    <message>
      <source>Predict again.</source>
      <translation>Vuelva a predecir.</translation>
    </message>
    <message>
      <source>Predict all</source>
      <translation>Predecir todo</translation>
    </message>
    <message>
      <source>Predict all items</source>
      <translation>Predecir todo</translation>
    </message>
    <message>
      <source>Predict fewer slices at a time.</source>
      <translation>Prediga menos cortes a la vez.</translation>
    </message>
    <message>
      <source>Predict it first.</source>
      <translation>Prediga primero.</translation>
    </message>
    <message>
      <source>Predict the item again.</source>
      <translation>Prediga el elemento de nuevo.</translation>
    </message>
    <message>
      <source>Predict the set shown</source>
      <translation>Predecir el conjunto mostrado</translation>
    </message>
    <message>
      <source>Predict the test set</source>
      <translation>Predecir prueba</translation>
    </message>
    <message>
      <source>Predict the test set first.</source>
      <translation>Prediga primero el conjunto de prueba.</translation>
    </message>
    <message>
      <source>Predict the training set</source>
      <translation>Predecir entrenamiento</translation>
    </message>
    <message>
      <source>Predict the validation set</source>
      <translation>Predecir validación</translation>
    </message>
    <message>
      <source>Predict this image</source>
      <translation>Predecir esta imagen</translation>
    </message>
    <message>
      <source>Predict this item</source>
      <translation>Predecir este elemento</translation>
    </message>
    <message>
      <source>Predict {count} more</source>
      <translation>Predecir {count} más</translation>
    </message>
    <message>
      <source>Predicted</source>
      <translation>Predicho</translation>
    </message>
    <message>
      <source>Predicted (A)</source>
      <translation>Predicho (A)</translation>
    </message>
    <message>
      <source>Predicting with {run}</source>
      <translation>Prediciendo con {run}</translation>
    </message>
    <message>
      <source>Prediction</source>
      <translation>Predicción</translation>
    </message>
    <message>
      <source>Prediction taken</source>
      <translation>Predicción tomada</translation>
    </message>
    <message>
      <source>Prediction · {run}</source>
      <translation>Predicción · {run}</translation>
    </message>
    <message>
      <source>Prediction: {name}</source>
      <translation>Predicción: {name}</translation>
    </message>
    <message>
      <source>Predictions are averaged with those of the mirror image: Dice {now:.3f} instead of {before:.3f} on the validation set.</source>
      <translation>Las predicciones se promedian con las de la imagen especular: Dice {now:.3f} en vez de {before:.3f} en el conjunto de validación.</translation>
    </message>
    <message>
      <source>Predictions of {run}</source>
      <translation>Predicciones de {run}</translation>
    </message>
    <message>
      <source>Predictions were taken over into 1 mask of this set: it is scored as it was before.</source>
      <translation>En 1 máscara de este conjunto se aceptaron predicciones: se evalúa como era antes.</translation>
    </message>
    <message>
      <source>Predictions were taken over into {count} masks of this set: those are scored as they were before.</source>
      <translation>En {count} máscaras de este conjunto se aceptaron predicciones: se evalúan como eran antes.</translation>
    </message>
    <message>
      <source>Predicts at a quarter of the resolution, so thin structures suffer.</source>
      <translation>Predice a un cuarto de la resolución: las estructuras finas sufren.</translation>
    </message>
    <message>
      <source>Predicts at a quarter of the resolution; needs two images a batch.</source>
      <translation>Predice a un cuarto de la resolución; necesita dos imágenes por lote.</translation>
    </message>
    <message>
      <source>Predicts at a quarter of the resolution; transformer encoders want ImageNet weights or much data.</source>
      <translation>Predice a un cuarto de la resolución; los codificadores transformer piden pesos de ImageNet o muchos datos.</translation>
    </message>
    <message>
      <source>Predicts at an eighth of the resolution: small structures are lost. Only three stages of the encoder run, though all are counted.</source>
      <translation>Predice a un octavo de la resolución: se pierden estructuras pequeñas. Solo corren tres etapas del codificador, aunque se cuentan todas.</translation>
    </message>
    <message>
      <source>Preparing took all of the time: the network learns for one step only. Give it more minutes.</source>
      <translation>La preparación ocupó todo el tiempo: la red aprende durante un solo paso. Dele más minutos.</translation>
    </message>
    <message>
      <source>Presets</source>
      <translation>Preajustes</translation>
    </message>
    <message>
      <source>Press the keys…</source>
      <translation>Pulse las teclas…</translation>
    </message>
    <message>
      <source>Previous</source>
      <translation>Anterior</translation>
    </message>
    <message>
      <source>Previous class</source>
      <translation>Clase anterior</translation>
    </message>
    <message>
      <source>Previous difference</source>
      <translation>Diferencia anterior</translation>
    </message>
    <message>
      <source>Previous item</source>
      <translation>Elemento anterior</translation>
    </message>
    <message>
      <source>Previous item to do</source>
      <translation>Elemento pendiente anterior</translation>
    </message>
    <message>
      <source>Previous object</source>
      <translation>Objeto anterior</translation>
    </message>
    <message>
      <source>Previous phase or echo of the series, at the same slice</source>
      <translation>Fase o eco anterior de la serie, en el mismo corte</translation>
    </message>
    <message>
      <source>Previous slice</source>
      <translation>Corte anterior</translation>
    </message>
    <message>
      <source>Previous tool</source>
      <translation>Herramienta anterior</translation>
    </message>
    <message>
      <source>Probability of each class</source>
      <translation>Probabilidad de cada clase</translation>
    </message>
    <message>
      <source>Profile</source>
      <translation>Perfil</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Progreso</translation>
    </message>
    <message>
      <source>Project</source>
      <translation>Proyecto</translation>
    </message>
    <message>
      <source>Proposals</source>
      <translation>Propuestas</translation>
    </message>
    <message>
      <source>Proposes boxes, aligns the maps within each without rounding, and names, moves and masks it: objects that touch stay apart.</source>
      <translation>Propone cajas, alinea los mapas dentro de cada una sin redondear, y la nombra, la ajusta y le da una máscara: los objetos que se tocan quedan separados.</translation>
    </message>
    <message>
      <source>Put a link to the command contorno where you want it.</source>
      <translation>Ponga un enlace a la orden contorno donde lo desee.</translation>
    </message>
    <message>
      <source>Put into the test set</source>
      <translation>Poner en prueba</translation>
    </message>
    <message>
      <source>Put into the training set</source>
      <translation>Poner en entrenamiento</translation>
    </message>
    <message>
      <source>Put into the validation set</source>
      <translation>Poner en validación</translation>
    </message>
    <message>
      <source>Put it back, or go on with the training, which writes it again, or choose another run.</source>
      <translation>Devuélvalo a su sitio, continúe el entrenamiento, que lo escribe de nuevo, o elija otro.</translation>
    </message>
    <message>
      <source>Put labelled items into the validation set.</source>
      <translation>Ponga elementos etiquetados en el conjunto de validación.</translation>
    </message>
    <message>
      <source>Put the data file beside it.</source>
      <translation>Ponga el archivo de datos junto a él.</translation>
    </message>
    <message>
      <source>Put this card away</source>
      <translation>Guardar esta ficha</translation>
    </message>
    <message>
      <source>Puts each value back where the encoder's maximum was, zeros elsewhere.</source>
      <translation>Devuelve cada valor a donde estaba el máximo del codificador y pone ceros en el resto.</translation>
    </message>
    <message>
      <source>Pyramid</source>
      <translation>Pirámide</translation>
    </message>
    <message>
      <source>Question</source>
      <translation>Pregunta</translation>
    </message>
    <message>
      <source>Quit</source>
      <translation>Salir</translation>
    </message>
    <message>
      <source>ROC curve</source>
      <translation>Curva ROC</translation>
    </message>
    <message>
      <source>ROC, each class against the rest</source>
      <translation>ROC, cada clase frente al resto</translation>
    </message>
    <message>
      <source>Radius</source>
      <translation>Radio</translation>
    </message>
    <message>
      <source>Radius in pixels</source>
      <translation>Radio en píxeles</translation>
    </message>
    <message>
      <source>Range</source>
      <translation>Intervalo</translation>
    </message>
    <message>
      <source>Range of values</source>
      <translation>Intervalo de valores</translation>
    </message>
    <message>
      <source>Range of {name}</source>
      <translation>Rango de {name}</translation>
    </message>
    <message>
      <source>Rare classes weigh more</source>
      <translation>Clases raras pesan más</translation>
    </message>
    <message>
      <source>Rare classes weigh more, so that they are learnt too.</source>
      <translation>Las clases raras pesan más, para que también se aprendan.</translation>
    </message>
    <message>
      <source>ReLU's derivative is 1 above 0, batch normalisation keeps values where derivatives are not small, and a skip, F(x) + x, adds 1 to each block's factor.</source>
      <translation>La derivada de ReLU es 1 por encima de 0, la normalización por lotes mantiene los valores donde las derivadas no son pequeñas, y un salto, F(x) + x, suma 1 al factor de cada bloque.</translation>
    </message>
    <message>
      <source>Reach</source>
      <translation>Alcance</translation>
    </message>
    <message>
      <source>Read again</source>
      <translation>Leer de nuevo</translation>
    </message>
    <message>
      <source>Read only</source>
      <translation>Solo lectura</translation>
    </message>
    <message>
      <source>Read the test set</source>
      <translation>Leer el conjunto de prueba</translation>
    </message>
    <message>
      <source>Reader</source>
      <translation>Lector</translation>
    </message>
    <message>
      <source>Reading images</source>
      <translation>Leyendo imágenes</translation>
    </message>
    <message>
      <source>Reading images again</source>
      <translation>Leyendo imágenes de nuevo</translation>
    </message>
    <message>
      <source>Reading masks</source>
      <translation>Leyendo máscaras</translation>
    </message>
    <message>
      <source>Reading the test set</source>
      <translation>Leyendo el conjunto de prueba</translation>
    </message>
    <message>
      <source>Reading the test set …</source>
      <translation>Leyendo el conjunto de prueba …</translation>
    </message>
    <message>
      <source>Reading {name}</source>
      <translation>Leyendo {name}</translation>
    </message>
    <message>
      <source>Reading, {percent} %</source>
      <translation>Leyendo, {percent} %</translation>
    </message>
    <message>
      <source>Reading…</source>
      <translation>Leyendo…</translation>
    </message>
    <message>
      <source>Reason</source>
      <translation>Motivo</translation>
    </message>
    <message>
      <source>Reason: {text}</source>
      <translation>Motivo: {text}</translation>
    </message>
    <message>
      <source>Recall</source>
      <translation>Exhaustividad</translation>
    </message>
    <message>
      <source>Recipe</source>
      <translation>Receta</translation>
    </message>
    <message>
      <source>Recipe and results</source>
      <translation>Receta y resultados</translation>
    </message>
    <message>
      <source>Recipes ({pattern})</source>
      <translation>Recetas ({pattern})</translation>
    </message>
    <message>
      <source>Rectangle</source>
      <translation>Rectángulo</translation>
    </message>
    <message>
      <source>Rectangular region</source>
      <translation>Región rectangular</translation>
    </message>
    <message>
      <source>Redo</source>
      <translation>Rehacer</translation>
    </message>
    <message>
      <source>Regions that are drawn half transparent were taken as those that are not.</source>
      <translation>Las regiones dibujadas semitransparentes se tomaron como las que no lo son.</translation>
    </message>
    <message>
      <source>Regular expression; its first group is the patient</source>
      <translation>Expresión regular; su primer grupo es el paciente</translation>
    </message>
    <message>
      <source>Reject</source>
      <translation>Rechazar</translation>
    </message>
    <message>
      <source>Rejected in the review, and counted in no row above: {counts}.</source>
      <translation>Rechazados en la revisión, y no contados en ninguna fila de arriba: {counts}.</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Quitar</translation>
    </message>
    <message>
      <source>Remove 1 item from the project?</source>
      <translation>¿Quitar 1 elemento del proyecto?</translation>
    </message>
    <message>
      <source>Remove a class</source>
      <translation>Quitar una clase</translation>
    </message>
    <message>
      <source>Remove from the project…</source>
      <translation>Quitar del proyecto…</translation>
    </message>
    <message>
      <source>Remove it by hand, or try again as the user who installed it.</source>
      <translation>Quítelo a mano, o inténtelo de nuevo con el usuario que lo instaló.</translation>
    </message>
    <message>
      <source>Remove small parts</source>
      <translation>Quitar partes pequeñas</translation>
    </message>
    <message>
      <source>Remove the item and import the image again, with a mask of its size.</source>
      <translation>Quite el elemento e importe la imagen de nuevo, con una máscara de su tamaño.</translation>
    </message>
    <message>
      <source>Remove this class</source>
      <translation>Quitar esta clase</translation>
    </message>
    <message>
      <source>Remove this run</source>
      <translation>Quitar este entrenamiento</translation>
    </message>
    <message>
      <source>Remove {count} items from the project?</source>
      <translation>¿Quitar {count} elementos del proyecto?</translation>
    </message>
    <message>
      <source>Remove {name}</source>
      <translation>Quitar {name}</translation>
    </message>
    <message>
      <source>Remove {run} and its predictions?</source>
      <translation>¿Quitar {run} y sus predicciones?</translation>
    </message>
    <message>
      <source>Removing the class</source>
      <translation>Se quita la clase</translation>
    </message>
    <message>
      <source>Removing the class…</source>
      <translation>Quitando la clase…</translation>
    </message>
    <message>
      <source>Rename</source>
      <translation>Renombrar</translation>
    </message>
    <message>
      <source>Rename it instead, or erase it from the masks first.</source>
      <translation>Cámbiele el nombre, o bórrela antes de las máscaras.</translation>
    </message>
    <message>
      <source>Report of the run in use…</source>
      <translation>Informe del entrenamiento en uso…</translation>
    </message>
    <message>
      <source>Report of this run…</source>
      <translation>Informe de este entrenamiento…</translation>
    </message>
    <message>
      <source>Report of {run}</source>
      <translation>Informe de {run}</translation>
    </message>
    <message>
      <source>Report…</source>
      <translation>Informe…</translation>
    </message>
    <message>
      <source>ResNet-18 without its skips, which the paper compares it with: what a network loses when gradients have no way past its layers.</source>
      <translation>ResNet-18 sin sus saltos, con la que la compara el artículo: lo que pierde una red cuando los gradientes no pueden pasar de largo sus capas.</translation>
    </message>
    <message>
      <source>ResNet-34 without its skips, which the paper compares it with: what a network loses when gradients have no way past its layers.</source>
      <translation>ResNet-34 sin sus saltos, con la que la compara el artículo: lo que pierde una red cuando los gradientes no pueden pasar de largo sus capas.</translation>
    </message>
    <message>
      <source>Resample</source>
      <translation>Otras muestras</translation>
    </message>
    <message>
      <source>Residual block</source>
      <translation>Bloque residual</translation>
    </message>
    <message>
      <source>Residual network of 34 layers: the usual choice.</source>
      <translation>Red residual de 34 capas: la opción habitual.</translation>
    </message>
    <message>
      <source>Residual network that weighs its channels.</source>
      <translation>Red residual que pondera sus canales.</translation>
    </message>
    <message>
      <source>Residual network with bottlenecks: for more data.</source>
      <translation>Red residual con cuellos de botella: para más datos.</translation>
    </message>
    <message>
      <source>Residual network with grouped convolutions.</source>
      <translation>Red residual con convoluciones agrupadas.</translation>
    </message>
    <message>
      <source>Restore the project folder from a copy; nothing was overwritten.</source>
      <translation>Restaure la carpeta del proyecto de una copia; no se sobrescribió nada.</translation>
    </message>
    <message>
      <source>Results</source>
      <translation>Resultados</translation>
    </message>
    <message>
      <source>Resume</source>
      <translation>Reanudar</translation>
    </message>
    <message>
      <source>Review</source>
      <translation>Revisar</translation>
    </message>
    <message>
      <source>Right button</source>
      <translation>Botón derecho</translation>
    </message>
    <message>
      <source>Right button empties it</source>
      <translation>El botón derecho la vacía</translation>
    </message>
    <message>
      <source>Right button erases</source>
      <translation>El botón derecho borra</translation>
    </message>
    <message>
      <source>Right button takes it back</source>
      <translation>El botón derecho lo deshace</translation>
    </message>
    <message>
      <source>Right button takes one back</source>
      <translation>El botón derecho retira uno</translation>
    </message>
    <message>
      <source>Right button zooms</source>
      <translation>El botón derecho acerca</translation>
    </message>
    <message>
      <source>Right here alone: {mine}, with {run} alone: {theirs}; p = {p} (n = {n})</source>
      <translation>Acierta solo este: {mine}; solo {run}: {theirs}; p = {p} (n = {n})</translation>
    </message>
    <message>
      <source>Rotate</source>
      <translation>Rotar</translation>
    </message>
    <message>
      <source>Round things that touch come apart at their necks (a watershed of the distance to the edge). It is kept with the run: choose by the validation set.</source>
      <translation>Lo redondo que se toca se separa por sus cuellos (una transformación de cuenca de la distancia al borde). Se guarda con el entrenamiento: elija por el conjunto de validación.</translation>
    </message>
    <message>
      <source>Rounds through the training set</source>
      <translation>Vueltas por el conjunto de entrenamiento</translation>
    </message>
    <message>
      <source>Rounds through the training set; 0 lets the time decide.</source>
      <translation>Vueltas por el conjunto de entrenamiento; con 0 decide el tiempo.</translation>
    </message>
    <message>
      <source>Row {row}, column {column}: class {value}</source>
      <translation>Fila {row}, columna {column}: clase {value}</translation>
    </message>
    <message>
      <source>Run</source>
      <translation>Entrenamiento</translation>
    </message>
    <message>
      <source>Run the study</source>
      <translation>Ejecutar el estudio</translation>
    </message>
    <message>
      <source>Run whose predictions are reviewed</source>
      <translation>Entrenamiento cuyas predicciones se revisan</translation>
    </message>
    <message>
      <source>Running job</source>
      <translation>Tarea en curso</translation>
    </message>
    <message>
      <source>Runs</source>
      <translation>Entrenamientos</translation>
    </message>
    <message>
      <source>S2: 14 from 28, stride 2?</source>
      <translation>S2: 14 a partir de 28, ¿con paso 2?</translation>
    </message>
    <message>
      <source>Sagittal</source>
      <translation>Sagital</translation>
    </message>
    <message>
      <source>Saliency</source>
      <translation>Saliencia</translation>
    </message>
    <message>
      <source>Sample {number}</source>
      <translation>Muestra {number}</translation>
    </message>
    <message>
      <source>Samples</source>
      <translation>Muestras</translation>
    </message>
    <message>
      <source>Save (every stroke is saved already)</source>
      <translation>Guardar (cada trazo ya está guardado)</translation>
    </message>
    <message>
      <source>Save a copy of the project</source>
      <translation>Guardar una copia del proyecto</translation>
    </message>
    <message>
      <source>Save a copy of the project…</source>
      <translation>Guardar una copia del proyecto…</translation>
    </message>
    <message>
      <source>Save as CSV</source>
      <translation>Guardar como CSV</translation>
    </message>
    <message>
      <source>Save as CSV…</source>
      <translation>Guardar como CSV…</translation>
    </message>
    <message>
      <source>Save as picture</source>
      <translation>Guardar como imagen</translation>
    </message>
    <message>
      <source>Save as picture…</source>
      <translation>Guardar como imagen…</translation>
    </message>
    <message>
      <source>Save each as a mask of its own.</source>
      <translation>Guarde cada una como máscara propia.</translation>
    </message>
    <message>
      <source>Save it again with the place of the image it was drawn on (NIfTI's sform or qform).</source>
      <translation>Guárdela de nuevo con la posición de la imagen sobre la que se dibujó (sform o qform de NIfTI).</translation>
    </message>
    <message>
      <source>Save it as PNG or TIFF.</source>
      <translation>Guárdelo como PNG o TIFF.</translation>
    </message>
    <message>
      <source>Save it as one .nrrd file.</source>
      <translation>Guárdelo como un solo archivo .nrrd.</translation>
    </message>
    <message>
      <source>Save it as one mask with one value per class.</source>
      <translation>Guárdelo como una sola máscara con un valor por clase.</translation>
    </message>
    <message>
      <source>Save it as raw or gzip.</source>
      <translation>Guárdelo como raw o gzip.</translation>
    </message>
    <message>
      <source>Save it on the grid of its image.</source>
      <translation>Guárdela en la rejilla de su imagen.</translation>
    </message>
    <message>
      <source>Save it with 8 bits a colour, or with one number for each class.</source>
      <translation>Guárdela con 8 bits por color, o con un número para cada clase.</translation>
    </message>
    <message>
      <source>Save it with 8 or 16 bits a colour, or with numbers from 0 to 1.</source>
      <translation>Guárdelo con 8 o 16 bits por color, o con números de 0 a 1.</translation>
    </message>
    <message>
      <source>Save it with its axes in the order of the image's.</source>
      <translation>Guárdela con los ejes en el orden de los de la imagen.</translation>
    </message>
    <message>
      <source>Save one of them as a volume of its own.</source>
      <translation>Guarde uno de ellos como un volumen propio.</translation>
    </message>
    <message>
      <source>Save the mask as PNG. Only a mask of black and white can be read from such a file.</source>
      <translation>Guarde la máscara como PNG. De un archivo así solo se puede leer una máscara en blanco y negro.</translation>
    </message>
    <message>
      <source>Save the probabilities as CSV</source>
      <translation>Guardar las probabilidades como CSV</translation>
    </message>
    <message>
      <source>Save the scores of the cases as CSV</source>
      <translation>Guardar las puntuaciones de los casos como CSV</translation>
    </message>
    <message>
      <source>Save this recipe as a file</source>
      <translation>Guardar esta receta como archivo</translation>
    </message>
    <message>
      <source>Saved</source>
      <translation>Guardado</translation>
    </message>
    <message>
      <source>Saved as {name}.</source>
      <translation>Guardada como {name}.</translation>
    </message>
    <message>
      <source>Saving a copy…</source>
      <translation>Guardando una copia…</translation>
    </message>
    <message>
      <source>Say first what the category {name} means.</source>
      <translation>Diga primero qué significa la categoría {name}.</translation>
    </message>
    <message>
      <source>Say first what the mask value {value} means.</source>
      <translation>Diga primero qué significa el valor {value} de la máscara.</translation>
    </message>
    <message>
      <source>Say one of DICOM's, such as CT, MR, DX, US, or OT for another.</source>
      <translation>Diga una de las de DICOM, como CT, MR, DX o US, u OT para otra.</translation>
    </message>
    <message>
      <source>Say what it means, or take it as background.</source>
      <translation>Diga qué significa, o tómelo como fondo.</translation>
    </message>
    <message>
      <source>Say what the channels mean: their values are 1 to {count}.</source>
      <translation>Diga qué significan los canales: sus valores son 1 a {count}.</translation>
    </message>
    <message>
      <source>Say which class all of them are. The classes are: {known}.</source>
      <translation>Diga de qué clase son todos. Las clases son: {known}.</translation>
    </message>
    <message>
      <source>Say which class each value of the mask becomes, or add the missing classes.</source>
      <translation>Diga qué clase es cada valor de la máscara, o añada las clases que faltan.</translation>
    </message>
    <message>
      <source>Say which class it is, take it as background, or import one folder at a time.</source>
      <translation>Diga qué clase es, tómela como fondo o importe una carpeta cada vez.</translation>
    </message>
    <message>
      <source>Scan</source>
      <translation>Imagen</translation>
    </message>
    <message>
      <source>Scenes of everyday objects; the classic that others are compared with.</source>
      <translation>Escenas de objetos cotidianos; el clásico con que se comparan las demás.</translation>
    </message>
    <message>
      <source>Scheme and number in a terminology, for example SCT 10200004 (SNOMED CT: liver)</source>
      <translation>Sistema y número en una terminología, por ejemplo SCT 10200004 (SNOMED CT: hígado)</translation>
    </message>
    <message>
      <source>Score</source>
      <translation>Puntuación</translation>
    </message>
    <message>
      <source>Scores</source>
      <translation>Puntuaciones</translation>
    </message>
    <message>
      <source>Scores by class</source>
      <translation>Puntuaciones por clase</translation>
    </message>
    <message>
      <source>Scores of this case</source>
      <translation>Puntuación de este caso</translation>
    </message>
    <message>
      <source>Scores of which set</source>
      <translation>Puntuaciones de qué conjunto</translation>
    </message>
    <message>
      <source>Scores this run on the test set; that it was read, and when, is kept with the run.</source>
      <translation>Puntúa este entrenamiento en el conjunto de prueba; con él se guarda que se leyó y cuándo.</translation>
    </message>
    <message>
      <source>Scoring {run}</source>
      <translation>Puntuando {run}</translation>
    </message>
    <message>
      <source>Scratch</source>
      <translation>De cero</translation>
    </message>
    <message>
      <source>Search</source>
      <translation>Búsqueda</translation>
    </message>
    <message>
      <source>Second item</source>
      <translation>Segundo elemento</translation>
    </message>
    <message>
      <source>Second item over the first, or beside it</source>
      <translation>Segundo elemento encima del primero, o al lado</translation>
    </message>
    <message>
      <source>Seconds</source>
      <translation>Segundos</translation>
    </message>
    <message>
      <source>Seed</source>
      <translation>Semilla</translation>
    </message>
    <message>
      <source>Segmentation</source>
      <translation>Segmentación</translation>
    </message>
    <message>
      <source>Sensitivity</source>
      <translation>Sensibilidad</translation>
    </message>
    <message>
      <source>Set</source>
      <translation>Conjunto</translation>
    </message>
    <message>
      <source>Set another image size or patch, or choose another encoder.</source>
      <translation>Ponga otro tamaño de imagen o de parche, o elija otro codificador.</translation>
    </message>
    <message>
      <source>Set another image size, or choose another network.</source>
      <translation>Fije otro tamaño de imagen o elija otra red.</translation>
    </message>
    <message>
      <source>Set: {name}</source>
      <translation>Conjunto: {name}</translation>
    </message>
    <message>
      <source>Setting {number}</source>
      <translation>Ajuste {number}</translation>
    </message>
    <message>
      <source>Settings</source>
      <translation>Ajustes</translation>
    </message>
    <message>
      <source>Settings and score</source>
      <translation>Ajustes y puntuación</translation>
    </message>
    <message>
      <source>Settings…</source>
      <translation>Ajustes…</translation>
    </message>
    <message>
      <source>Several frames show one place or have no common direction: they are a stack in the order of the file, not a volume.</source>
      <translation>Varios cuadros muestran el mismo lugar o no tienen una dirección común: forman una pila en el orden del archivo, no un volumen.</translation>
    </message>
    <message>
      <source>Several structures</source>
      <translation>Varias estructuras</translation>
    </message>
    <message>
      <source>Several views: bring the others to where the pointer is</source>
      <translation>Varias vistas: llevar las demás adonde está el puntero</translation>
    </message>
    <message>
      <source>Shallow convolutional network</source>
      <translation>Red convolucional superficial</translation>
    </message>
    <message>
      <source>Share of each setting in whether a trial is among the best third at the first rung (PED-ANOVA).</source>
      <translation>Parte de cada ajuste en que un ensayo esté en el mejor tercio en el primer peldaño (PED-ANOVA).</translation>
    </message>
    <message>
      <source>Share of the maps left out at each step behind the two layers that were fully connected.</source>
      <translation>Parte de los mapas que se omite en cada paso tras las dos capas que eran totalmente conectadas.</translation>
    </message>
    <message>
      <source>Share of the units left out at each step.</source>
      <translation>Parte de las unidades que se omite en cada paso.</translation>
    </message>
    <message>
      <source>Share of the values left out at each step at the end of the contracting path, its last two levels.</source>
      <translation>Parte de los valores que se omite en cada paso al final del camino de contracción, en sus dos últimos niveles.</translation>
    </message>
    <message>
      <source>Share of the values left out at each step before the last layer.</source>
      <translation>Parte de los valores que se omite en cada paso antes de la última capa.</translation>
    </message>
    <message>
      <source>Share of the values left out at each step behind the three deepest levels of encoder and decoder.</source>
      <translation>Parte de los valores que se omite en cada paso tras los tres niveles más profundos del codificador y del decodificador.</translation>
    </message>
    <message>
      <source>Share of the values left out at each step, before the last layer or where the decoder has it.</source>
      <translation>Parte de los valores que se omite en cada paso, antes de la última capa o donde el decodificador lo prevé.</translation>
    </message>
    <message>
      <source>Share of {name}</source>
      <translation>Parte de {name}</translation>
    </message>
    <message>
      <source>Shares of the sets</source>
      <translation>Partes de los conjuntos</translation>
    </message>
    <message>
      <source>Shear</source>
      <translation>Corte transversal</translation>
    </message>
    <message>
      <source>Shift</source>
      <translation>Desplazar</translation>
    </message>
    <message>
      <source>Shift + Enter takes it around what is painted</source>
      <translation>Mayús + Intro lo toma alrededor de lo pintado</translation>
    </message>
    <message>
      <source>Shift + click</source>
      <translation>Mayús + clic</translation>
    </message>
    <message>
      <source>Shift + drag</source>
      <translation>Mayús + arrastrar</translation>
    </message>
    <message>
      <source>Shift + move</source>
      <translation>Mayús + mover</translation>
    </message>
    <message>
      <source>Shift + right button</source>
      <translation>Mayús + botón derecho</translation>
    </message>
    <message>
      <source>Shift + wheel</source>
      <translation>Mayús + rueda</translation>
    </message>
    <message>
      <source>Shift + wheel changes the size</source>
      <translation>Mayús + rueda cambia el tamaño</translation>
    </message>
    <message>
      <source>Shift: a circle</source>
      <translation>Mayús: un círculo</translation>
    </message>
    <message>
      <source>Shift: equal sides</source>
      <translation>Mayús: lados iguales</translation>
    </message>
    <message>
      <source>Show</source>
      <translation>Mostrar</translation>
    </message>
    <message>
      <source>Show all</source>
      <translation>Mostrar todas</translation>
    </message>
    <message>
      <source>Show or hide. With Alt: only this one.</source>
      <translation>Mostrar u ocultar. Con Alt: solo esta.</translation>
    </message>
    <message>
      <source>Show the mask</source>
      <translation>Mostrar la máscara</translation>
    </message>
    <message>
      <source>Show the prediction</source>
      <translation>Mostrar la predicción</translation>
    </message>
    <message>
      <source>Show the predictions of this run, and fine-tune from it</source>
      <translation>Mostrar las predicciones de este entrenamiento, y partir de él en el ajuste fino</translation>
    </message>
    <message>
      <source>Show the right column</source>
      <translation>Mostrar la columna derecha</translation>
    </message>
    <message>
      <source>Show the small ones</source>
      <translation>Mostrar las pequeñas</translation>
    </message>
    <message>
      <source>Show where it looked</source>
      <translation>Mostrar dónde miró</translation>
    </message>
    <message>
      <source>Shrink</source>
      <translation>Encoger</translation>
    </message>
    <message>
      <source>Shuffles the network's weights: a map that shows what was learnt must then be another one.</source>
      <translation>Baraja los pesos de la red: un mapa que muestra lo aprendido debe ser entonces otro.</translation>
    </message>
    <message>
      <source>Side of the squares cut from larger images; 0: whole images, or chosen.</source>
      <translation>Lado de los cuadrados cortados de imágenes mayores; 0: imágenes enteras, o se elige solo.</translation>
    </message>
    <message>
      <source>Sides in px of the squares in which objects are looked for, the smallest first, five of them; a training takes those of its own objects where this is left as it is.</source>
      <translation>Lados en px de los cuadrados en que se buscan los objetos, cinco, el menor primero; un entrenamiento toma los de sus propios objetos si esto se deja como está.</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Tamaño</translation>
    </message>
    <message>
      <source>Sizes from here on: {sizes}</source>
      <translation>Tamaños desde aquí: {sizes}</translation>
    </message>
    <message>
      <source>Skips are added, not concatenated, so that the decoder stays thin and fast.</source>
      <translation>Los saltos se suman, no se concatenan, y el decodificador queda delgado y rápido.</translation>
    </message>
    <message>
      <source>Skips helped: the residual twin ended at a loss of {residual:.2f}, the plain network at {plain:.2f}.</source>
      <translation>Los saltos ayudaron: la gemela residual acabó con una pérdida de {residual:.2f}, la red simple con {plain:.2f}.</translation>
    </message>
    <message>
      <source>Skips made no difference here: both ended at a loss near {residual:.2f} (plain {plain:.2f}). Batch normalisation alone lets this depth learn; skips show their worth in longer trainings and deeper networks.</source>
      <translation>Aquí los saltos no cambiaron nada: ambas acabaron con una pérdida cercana a {residual:.2f} (simple {plain:.2f}). La normalización por lotes basta para que esta profundidad aprenda; los saltos se notan en entrenamientos más largos y redes más profundas.</translation>
    </message>
    <message>
      <source>Slanted along one axis, which is chosen by chance.</source>
      <translation>Sesgada a lo largo de un eje elegido al azar.</translation>
    </message>
    <message>
      <source>Slice</source>
      <translation>Corte</translation>
    </message>
    <message>
      <source>Slice {first}, carried from {start}.</source>
      <translation>Corte {first}, llevado desde el {start}.</translation>
    </message>
    <message>
      <source>Slice {number} / {count}</source>
      <translation>Corte {number} / {count}</translation>
    </message>
    <message>
      <source>Slice {number} carried from {start}</source>
      <translation>Corte {number} llevado desde el {start}</translation>
    </message>
    <message>
      <source>Slice {number} comes as soon as it is read</source>
      <translation>El corte {number} llega en cuanto se lea</translation>
    </message>
    <message>
      <source>Slice {number} is labelled as empty: nothing is carried there.</source>
      <translation>El corte {number} está etiquetado como vacío: no se lleva nada a él.</translation>
    </message>
    <message>
      <source>Slice {number} is painted already: nothing is carried over it.</source>
      <translation>El corte {number} ya está pintado: no se lleva nada encima.</translation>
    </message>
    <message>
      <source>Slices</source>
      <translation>Cortes</translation>
    </message>
    <message>
      <source>Slices are labelled as empty in the plane they were stored in: point at that view.</source>
      <translation>Los cortes se marcan como vacíos en el plano en que se guardaron: señale esa vista.</translation>
    </message>
    <message>
      <source>Slices are seen alone, since there are images in colour.</source>
      <translation>Los cortes se ven solos, pues hay imágenes en color.</translation>
    </message>
    <message>
      <source>Slices beside</source>
      <translation>Cortes contiguos</translation>
    </message>
    <message>
      <source>Slices lie {low:.1f} to {high:.1f} µm apart; {step:.1f} µm was taken for all.</source>
      <translation>Los cortes distan de {low:.1f} a {high:.1f} µm; se tomó {step:.1f} µm para todos.</translation>
    </message>
    <message>
      <source>Slices lie {low:.2f} to {high:.2f} mm apart; {step:.2f} mm was taken for all.</source>
      <translation>Los cortes distan de {low:.2f} a {high:.2f} mm; se tomó {step:.2f} mm para todos.</translation>
    </message>
    <message>
      <source>Slices of the image are missing or lie at several distances: the mask was laid on each of them where it truly lies.</source>
      <translation>Faltan cortes de la imagen o están a distancias distintas: la máscara se colocó en cada uno donde realmente está.</translation>
    </message>
    <message>
      <source>Slices stored from {rare:g} HU, and not from {usual:g}: {count} of {all}. Where the file is wrong, they are not in HU.</source>
      <translation>Cortes guardados desde {rare:g} HU, y no desde {usual:g}: {count} de {all}. Si el archivo se equivoca, no están en HU.</translation>
    </message>
    <message>
      <source>Slices {first} to {last}, carried from {start}.</source>
      <translation>Cortes del {first} al {last}, llevados desde el {start}.</translation>
    </message>
    <message>
      <source>Slices: {slices}, rows: {height}, columns: {width}; all count from 0.</source>
      <translation>Cortes: {slices}, filas: {height}, columnas: {width}; todo se cuenta desde 0.</translation>
    </message>
    <message>
      <source>Slow, since the deepest maps stay large; no decoder to sharpen the outline; needs two images a batch.</source>
      <translation>Lenta, pues los mapas profundos siguen grandes; sin decodificador que afine el contorno; necesita dos imágenes por lote.</translation>
    </message>
    <message>
      <source>Slow, since the deepest maps stay large; no skips to sharpen the outline.</source>
      <translation>Lenta, pues los mapas más profundos siguen siendo grandes; sin saltos que afinen el contorno.</translation>
    </message>
    <message>
      <source>Slower than its few weights suggest, since each map is filtered by itself.</source>
      <translation>Más lenta de lo que sugieren sus pocos pesos, pues cada mapa se filtra por separado.</translation>
    </message>
    <message>
      <source>Small and middling data sets; encoder of segmentation networks.</source>
      <translation>Conjuntos de datos pequeños y medianos; codificador de redes de segmentación.</translation>
    </message>
    <message>
      <source>Small data sets and fast training.</source>
      <translation>Conjuntos de datos pequeños y entrenamiento rápido.</translation>
    </message>
    <message>
      <source>Small grey pictures; quick first results on a CPU.</source>
      <translation>Imágenes grises pequeñas; primeros resultados rápidos en CPU.</translation>
    </message>
    <message>
      <source>Small moves and light only, so that 28 pixels stay legible.</source>
      <translation>Solo movimientos pequeños y luz, para que 28 píxeles sigan siendo legibles.</translation>
    </message>
    <message>
      <source>Small pictures</source>
      <translation>Pequeñas</translation>
    </message>
    <message>
      <source>Small pictures; to see the vanishing gradient in minutes.</source>
      <translation>Imágenes pequeñas; para ver el desvanecimiento del gradiente en minutos.</translation>
    </message>
    <message>
      <source>Small pictures; with Plain-20 to see what skips do.</source>
      <translation>Imágenes pequeñas; con Plain-20, para ver qué hacen los saltos.</translation>
    </message>
    <message>
      <source>Small pictures; with Plain-56 to see what skips do.</source>
      <translation>Imágenes pequeñas; con Plain-56, para ver qué hacen los saltos.</translation>
    </message>
    <message>
      <source>Small residual network: the quickest that is good.</source>
      <translation>Red residual pequeña: la más rápida entre las buenas.</translation>
    </message>
    <message>
      <source>Small turns and shifts, a little light and shade; no mirror image.</source>
      <translation>Pequeños giros y desplazamientos, algo de luz y sombra; sin imagen en espejo.</translation>
    </message>
    <message>
      <source>Smaller brush</source>
      <translation>Pincel más pequeño</translation>
    </message>
    <message>
      <source>Smaller than</source>
      <translation>Menores de</translation>
    </message>
    <message>
      <source>Smallest Mix Transformer, SegFormer's own encoder.</source>
      <translation>El menor Mix Transformer, codificador propio de SegFormer.</translation>
    </message>
    <message>
      <source>Smart outline</source>
      <translation>Contorno asistido</translation>
    </message>
    <message>
      <source>Smart outline and live-wire: take it as a wall around what is painted</source>
      <translation>Contorno asistido y lazo magnético: tomarlo como pared alrededor de lo pintado</translation>
    </message>
    <message>
      <source>Smart outline by flooding: an area, and more or less of it; right takes away</source>
      <translation>Contorno asistido por inundación: un área, y más o menos de ella; el derecho quita</translation>
    </message>
    <message>
      <source>Smart outline: a box around it; then left adds, right takes away</source>
      <translation>Contorno asistido: un recuadro alrededor; después el izquierdo añade y el derecho quita</translation>
    </message>
    <message>
      <source>Smart outline: a flood that goes farther or less far</source>
      <translation>Contorno asistido: una inundación que llega más o menos lejos</translation>
    </message>
    <message>
      <source>Smart outline: begin from the prediction's part</source>
      <translation>Contorno asistido: empezar por la parte de la predicción</translation>
    </message>
    <message>
      <source>Smooth</source>
      <translation>Suavizar</translation>
    </message>
    <message>
      <source>Smooth pixels where enlarged</source>
      <translation>Suavizar los píxeles ampliados</translation>
    </message>
    <message>
      <source>So many epochs the encoder (of a classifier all but its last layer) keeps the weights that it starts from.</source>
      <translation>Tantas épocas conserva el codificador (en un clasificador, todo menos la última capa) los pesos de los que parte.</translation>
    </message>
    <message>
      <source>Soft tissue</source>
      <translation>Tejido blando</translation>
    </message>
    <message>
      <source>Soft tissue pushed about by at most this share of the shorter side.</source>
      <translation>Tejido blando empujado como mucho esta parte del lado más corto.</translation>
    </message>
    <message>
      <source>Some of the network's scores of 1 image are no numbers (NaN or infinite): what it paints there means nothing: {names}.</source>
      <translation>Algunas puntuaciones de la red en 1 imagen no son números (NaN o infinito): lo que pinta ahí no significa nada: {names}.</translation>
    </message>
    <message>
      <source>Some of the network's scores of {count} images are no numbers (NaN or infinite): what it paints there means nothing: {names}.</source>
      <translation>Algunas puntuaciones de la red en {count} imágenes no son números (NaN o infinito): lo que pinta ahí no significa nada: {names}.</translation>
    </message>
    <message>
      <source>Some of the network's scores of {count} of {all} images of the validation set are no numbers: what it paints there means nothing.</source>
      <translation>Algunas puntuaciones de la red en {count} de {all} imágenes del conjunto de validación no son números: lo que pinta ahí no significa nada.</translation>
    </message>
    <message>
      <source>Something is painted on this slice: erase it first.</source>
      <translation>Hay algo pintado en este corte: bórrelo primero.</translation>
    </message>
    <message>
      <source>Something went wrong that should not have. Your work is saved; you can go on.</source>
      <translation>Algo falló que no debía fallar. Su trabajo está guardado; puede continuar.</translation>
    </message>
    <message>
      <source>Sort by name</source>
      <translation>Ordenar por nombre</translation>
    </message>
    <message>
      <source>Sort by state</source>
      <translation>Ordenar por estado</translation>
    </message>
    <message>
      <source>Sound for X-rays, slices and microscopy: start with this one.</source>
      <translation>Buena para radiografías, cortes y microscopía: empiece por esta.</translation>
    </message>
    <message>
      <source>Specificity</source>
      <translation>Especificidad</translation>
    </message>
    <message>
      <source>Split an object by a line</source>
      <translation>Dividir un objeto con una línea</translation>
    </message>
    <message>
      <source>Split by patient</source>
      <translation>Reparto por paciente</translation>
    </message>
    <message>
      <source>Split into parts</source>
      <translation>Separar en partes</translation>
    </message>
    <message>
      <source>Split object</source>
      <translation>Dividir objeto</translation>
    </message>
    <message>
      <source>Stage {number}</source>
      <translation>Etapa {number}</translation>
    </message>
    <message>
      <source>Stage {stage}, block {block}</source>
      <translation>Etapa {stage}, bloque {block}</translation>
    </message>
    <message>
      <source>Standard</source>
      <translation>Estándar</translation>
    </message>
    <message>
      <source>Start</source>
      <translation>Inicio</translation>
    </message>
    <message>
      <source>Start and settings</source>
      <translation>Inicio y ajustes</translation>
    </message>
    <message>
      <source>Start from</source>
      <translation>Partir de</translation>
    </message>
    <message>
      <source>Start from none, or choose a network with an encoder.</source>
      <translation>Parta de none, o elija una red con codificador.</translation>
    </message>
    <message>
      <source>Start the study</source>
      <translation>Empezar el estudio</translation>
    </message>
    <message>
      <source>Start with images</source>
      <translation>Empezar con imágenes</translation>
    </message>
    <message>
      <source>Start: {start}</source>
      <translation>Inicio: {start}</translation>
    </message>
    <message>
      <source>Started from</source>
      <translation>Partió de</translation>
    </message>
    <message>
      <source>Starting from ImageNet weights; {fresh} of {all} groups of weights start afresh.</source>
      <translation>Parte de los pesos de ImageNet; {fresh} de {all} grupos de pesos empiezan de nuevo.</translation>
    </message>
    <message>
      <source>Starting from {source}: {taken} tensors taken over, {fresh} start afresh.</source>
      <translation>Parte de {source}: {taken} tensores tomados, {fresh} empiezan de nuevo.</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Estado</translation>
    </message>
    <message>
      <source>Status</source>
      <translation>Estado</translation>
    </message>
    <message>
      <source>Stem</source>
      <translation>Entrada</translation>
    </message>
    <message>
      <source>Step {epoch}</source>
      <translation>Paso {epoch}</translation>
    </message>
    <message>
      <source>Steps for each network</source>
      <translation>Pasos para cada red</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Detener</translation>
    </message>
    <message>
      <source>Stop after this many epochs without gain; 0: never.</source>
      <translation>Parar tras estas épocas sin mejora; 0: nunca.</translation>
    </message>
    <message>
      <source>Stop early</source>
      <translation>Parar antes</translation>
    </message>
    <message>
      <source>Stop it and close</source>
      <translation>Pararlo y cerrar</translation>
    </message>
    <message>
      <source>Stop the study</source>
      <translation>Parar el estudio</translation>
    </message>
    <message>
      <source>Stop weak trials early</source>
      <translation>Parar pronto los flojos</translation>
    </message>
    <message>
      <source>Stop, keep the best</source>
      <translation>Parar con lo mejor</translation>
    </message>
    <message>
      <source>Stop: {job}</source>
      <translation>Detener: {job}</translation>
    </message>
    <message>
      <source>Stopped here: the next stroke paints on this phase.</source>
      <translation>Parado aquí: el próximo trazo pinta en esta fase.</translation>
    </message>
    <message>
      <source>Stopped.</source>
      <translation>Detenido.</translation>
    </message>
    <message>
      <source>Stopped. What was predicted so far is kept.</source>
      <translation>Detenido. Lo predicho hasta ahora se conserva.</translation>
    </message>
    <message>
      <source>Stopping</source>
      <translation>Parada</translation>
    </message>
    <message>
      <source>Street scenes, for which it was made; little memory when predicting.</source>
      <translation>Escenas de calle, para las que se hizo; poca memoria al predecir.</translation>
    </message>
    <message>
      <source>Strength</source>
      <translation>Intensidad</translation>
    </message>
    <message>
      <source>Stride</source>
      <translation>Paso</translation>
    </message>
    <message>
      <source>Strong</source>
      <translation>Fuerte</translation>
    </message>
    <message>
      <source>Strong areas are the prediction's objects, pale ones yours.</source>
      <translation>Las áreas vivas son los objetos de la predicción; las pálidas, los suyos.</translation>
    </message>
    <message>
      <source>Structures of very different sizes in one image.</source>
      <translation>Estructuras de tamaños muy distintos en una imagen.</translation>
    </message>
    <message>
      <source>Study</source>
      <translation>Estudio</translation>
    </message>
    <message>
      <source>Suppose that the network gives {sure} to the class it predicts and {rest} to each other one.</source>
      <translation>Suponga que la red da {sure} a la clase que predice y {rest} a cada una de las demás.</translation>
    </message>
    <message>
      <source>Surely right</source>
      <translation>Acierto seguro</translation>
    </message>
    <message>
      <source>Surely wrong</source>
      <translation>Error seguro</translation>
    </message>
    <message>
      <source>Surface</source>
      <translation>Superficie</translation>
    </message>
    <message>
      <source>Surface of the mask</source>
      <translation>Superficie de la máscara</translation>
    </message>
    <message>
      <source>Swap</source>
      <translation>Invertir</translation>
    </message>
    <message>
      <source>Swap class and background</source>
      <translation>Alternar clase y fondo</translation>
    </message>
    <message>
      <source>Swipe</source>
      <translation>Cortina</translation>
    </message>
    <message>
      <source>Symmetry, family trees</source>
      <translation>Simetría, árboles genealógicos</translation>
    </message>
    <message>
      <source>T, V, E put it into a set</source>
      <translation>T, V, E lo ponen en un conjunto</translation>
    </message>
    <message>
      <source>Tables (*.csv *.tsv *.txt)</source>
      <translation>Tablas (*.csv *.tsv *.txt)</translation>
    </message>
    <message>
      <source>Tables ({pattern})</source>
      <translation>Tablas ({pattern})</translation>
    </message>
    <message>
      <source>Table…</source>
      <translation>Tabla…</translation>
    </message>
    <message>
      <source>Take</source>
      <translation>Tomar</translation>
    </message>
    <message>
      <source>Take  Enter</source>
      <translation>Aceptar  Intro</translation>
    </message>
    <message>
      <source>Take all others as background</source>
      <translation>Tomar todos los demás como fondo</translation>
    </message>
    <message>
      <source>Take away (minus)</source>
      <translation>Quitar (diferencia)</translation>
    </message>
    <message>
      <source>Take back</source>
      <translation>Deshacer</translation>
    </message>
    <message>
      <source>Take it over</source>
      <translation>Pasarla</translation>
    </message>
    <message>
      <source>Take out of the queue</source>
      <translation>Sacar de la cola</translation>
    </message>
    <message>
      <source>Take out of the sets</source>
      <translation>Quitar de los conjuntos</translation>
    </message>
    <message>
      <source>Take the heat away (Esc)</source>
      <translation>Quitar el calor (Esc)</translation>
    </message>
    <message>
      <source>Take the last change of a class back</source>
      <translation>Deshacer el último cambio de clase</translation>
    </message>
    <message>
      <source>Take the last change of sets, classes or modality back</source>
      <translation>Deshacer el último cambio de conjuntos, de clases o de modalidad</translation>
    </message>
    <message>
      <source>Take the last point of a polygon, live-wire or measure back</source>
      <translation>Quitar el último punto de un polígono, lazo magnético o medida</translation>
    </message>
    <message>
      <source>Take the model's</source>
      <translation>Tomar la del modelo</translation>
    </message>
    <message>
      <source>Take, go on  Enter</source>
      <translation>Aceptar y seguir  Intro</translation>
    </message>
    <message>
      <source>Takes up the fine maps of the encoder, which the deeper levels have lost.</source>
      <translation>Recupera los mapas finos del codificador, que los niveles más profundos han perdido.</translation>
    </message>
    <message>
      <source>Test</source>
      <translation>Prueba</translation>
    </message>
    <message>
      <source>Test set</source>
      <translation>Prueba</translation>
    </message>
    <message>
      <source>Test set not read: runs are chosen by the validation, and the test set judges the one that is chosen.</source>
      <translation>Conjunto de prueba sin leer: se elige por la validación, y el conjunto de prueba juzga al elegido.</translation>
    </message>
    <message>
      <source>Test set read on {day}.</source>
      <translation>Conjunto de prueba leído el {day}.</translation>
    </message>
    <message>
      <source>Test set, mean Dice</source>
      <translation>Prueba, Dice medio</translation>
    </message>
    <message>
      <source>Test set, {run}: {score} {value} (n = {n}).</source>
      <translation>Conjunto de prueba, {run}: {score} {value} (n = {n}).</translation>
    </message>
    <message>
      <source>Test set, {run}: {score} {value}, 95 % interval {low} to {high} (n = {n}).</source>
      <translation>Conjunto de prueba, {run}: {score} {value}, intervalo del 95 % de {low} a {high} (n = {n}).</translation>
    </message>
    <message>
      <source>Test set: {count} items</source>
      <translation>Conjunto de prueba: {count} elementos</translation>
    </message>
    <message>
      <source>That run classifies whole images.</source>
      <translation>Ese entrenamiento clasifica imágenes enteras.</translation>
    </message>
    <message>
      <source>That run does not tell objects apart.</source>
      <translation>Ese entrenamiento no distingue objetos.</translation>
    </message>
    <message>
      <source>That run segments.</source>
      <translation>Ese entrenamiento segmenta.</translation>
    </message>
    <message>
      <source>That run trained another network ({arch}).</source>
      <translation>Ese entrenamiento entrenó otra red ({arch}).</translation>
    </message>
    <message>
      <source>That run trained {arch}, not {wanted}.</source>
      <translation>Ese entrenamiento entrenó {arch}, no {wanted}.</translation>
    </message>
    <message>
      <source>The 3×3 convolutions are not padded, so that {margin} px are lost on every side: a tile sees {seen} (blue) and gives the mask of {given} (orange). Beyond its border (white) the image is continued by mirroring.</source>
      <translation>Las convoluciones de 3×3 no llevan relleno, así que se pierden {margin} px a cada lado: una tesela ve {seen} (azul) y da la máscara de {given} (naranja). Más allá de su borde (blanco) la imagen continúa reflejada.</translation>
    </message>
    <message>
      <source>The ImageNet weights of {name} are not on this machine and could not be fetched.</source>
      <translation>Los pesos de ImageNet de {name} no están en este equipo y no se pudieron descargar.</translation>
    </message>
    <message>
      <source>The ImageNet weights of {name} do not fit the network with these settings.</source>
      <translation>Los pesos de ImageNet de {name} no sirven para la red con estos ajustes.</translation>
    </message>
    <message>
      <source>The U-Net's decoder over any classification network as encoder, which can bring ImageNet weights.</source>
      <translation>El decodificador de la U-Net sobre cualquier red de clasificación como codificador, que puede traer pesos de ImageNet.</translation>
    </message>
    <message>
      <source>The architecture, by the name of the models table.</source>
      <translation>La arquitectura, con el nombre de la tabla de modelos.</translation>
    </message>
    <message>
      <source>The background has no lock: pick a class first.</source>
      <translation>El fondo no se bloquea: elija antes una clase.</translation>
    </message>
    <message>
      <source>The best epoch was chosen by these cases: the test set is the fairer judge.</source>
      <translation>La mejor época se eligió con estos casos: el conjunto de prueba es el juez más justo.</translation>
    </message>
    <message>
      <source>The best two on the test set</source>
      <translation>Los dos mejores en el conjunto de prueba</translation>
    </message>
    <message>
      <source>The block</source>
      <translation>El bloque</translation>
    </message>
    <message>
      <source>The box is too small. Drag one around the whole structure.</source>
      <translation>El recuadro es demasiado pequeño. Arrastre uno alrededor de toda la estructura.</translation>
    </message>
    <message>
      <source>The brush is a ball, over several slices.</source>
      <translation>El pincel es una esfera que abarca varios cortes.</translation>
    </message>
    <message>
      <source>The brush paints this slice alone.</source>
      <translation>El pincel pinta solo este corte.</translation>
    </message>
    <message>
      <source>The built-in ImageNet weights are missing or damaged.</source>
      <translation>Los pesos de ImageNet incluidos faltan o están dañados.</translation>
    </message>
    <message>
      <source>The cases of the best network</source>
      <translation>Los casos de la mejor red</translation>
    </message>
    <message>
      <source>The category {name} has no class.</source>
      <translation>La categoría {name} no tiene clase.</translation>
    </message>
    <message>
      <source>The category {name} is said to be {one} and {other}.</source>
      <translation>Se dice de la categoría {name} que es {one} y {other}.</translation>
    </message>
    <message>
      <source>The chance of {name} cannot be {value}.</source>
      <translation>La probabilidad de {name} no puede ser {value}.</translation>
    </message>
    <message>
      <source>The checkpoint does not fit this training.</source>
      <translation>El punto guardado no encaja con este entrenamiento.</translation>
    </message>
    <message>
      <source>The checkpoint was written by another version of Contorno.</source>
      <translation>El punto guardado fue escrito por otra versión de Contorno.</translation>
    </message>
    <message>
      <source>The class {name} stands twice.</source>
      <translation>La clase {name} está dos veces.</translation>
    </message>
    <message>
      <source>The classes are named after the folders in {name}.</source>
      <translation>Las clases toman el nombre de las carpetas de {name}.</translation>
    </message>
    <message>
      <source>The classes are: {known}.</source>
      <translation>Las clases son: {known}.</translation>
    </message>
    <message>
      <source>The classes of the file are numbered from 1 to {count}, and those of the project from 0 on: the first could be 1 or missing.</source>
      <translation>Las clases del archivo están numeradas de 1 a {count}, y las del proyecto desde 0: la primera podría ser la 1 o faltar.</translation>
    </message>
    <message>
      <source>The classes or the network changed since: start a new run, fine-tuned from it.</source>
      <translation>Las clases o la red cambiaron desde entonces: empiece un entrenamiento nuevo con ajuste fino a partir de él.</translation>
    </message>
    <message>
      <source>The classic adaptive method.</source>
      <translation>El método adaptativo clásico.</translation>
    </message>
    <message>
      <source>The click model is not used: {reason} Outlines are made without it.</source>
      <translation>El modelo de clics no se usa: {reason} Los contornos se hacen sin él.</translation>
    </message>
    <message>
      <source>The column item must hold the items' names as the Data tab shows them.</source>
      <translation>La columna item debe contener los nombres de los elementos como los muestra la pestaña Datos.</translation>
    </message>
    <message>
      <source>The column with the class</source>
      <translation>La columna de la clase</translation>
    </message>
    <message>
      <source>The column with the images</source>
      <translation>La columna de las imágenes</translation>
    </message>
    <message>
      <source>The column with the set</source>
      <translation>La columna del conjunto</translation>
    </message>
    <message>
      <source>The command contorno was not found in this installation.</source>
      <translation>No se encontró la orden contorno en esta instalación.</translation>
    </message>
    <message>
      <source>The computer is busy with something else: the training has {share:.0f} % of its pace. It goes on; fewer images are seen.</source>
      <translation>El ordenador está ocupado con otra cosa: el entrenamiento va al {share:.0f} % de su ritmo. Sigue; se ven menos imágenes.</translation>
    </message>
    <message>
      <source>The copy {name} could not be written: {reason}.</source>
      <translation>La copia {name} no se pudo escribir: {reason}.</translation>
    </message>
    <message>
      <source>The data of {name} is not there: {file}.</source>
      <translation>Los datos de {name} no están: {file}.</translation>
    </message>
    <message>
      <source>The decoder brings the maps back to the image's size; skip connections hand it the fine detail that the deep maps have lost.</source>
      <translation>El decodificador devuelve los mapas al tamaño de la imagen; las conexiones de salto le dan el detalle fino que los mapas profundos han perdido.</translation>
    </message>
    <message>
      <source>The default for masks of organs, lesions and cells.</source>
      <translation>La opción por defecto para máscaras de órganos, lesiones y células.</translation>
    </message>
    <message>
      <source>The directions of the frames are missing or impossible: they are a stack in the order of the file, not a volume.</source>
      <translation>Las direcciones de los fotogramas faltan o son imposibles: son una pila en el orden del archivo, no un volumen.</translation>
    </message>
    <message>
      <source>The directions of the slices are missing or impossible: they are a stack in the order of their numbers, not a volume.</source>
      <translation>Las direcciones de los cortes faltan o son imposibles: son una pila en el orden de sus números, no un volumen.</translation>
    </message>
    <message>
      <source>The disk refused: {reason}.</source>
      <translation>El disco se negó: {reason}.</translation>
    </message>
    <message>
      <source>The distance between the slices is not known: lengths are in pixels.</source>
      <translation>No se conoce la distancia entre los cortes: las longitudes están en píxeles.</translation>
    </message>
    <message>
      <source>The encoder learns at this share of the learning rate; below 1 it stays nearer to where it starts from.</source>
      <translation>El codificador aprende con esta parte de la tasa de aprendizaje; por debajo de 1 queda más cerca de donde parte.</translation>
    </message>
    <message>
      <source>The encoder starts from ImageNet weights that come with the program, or from a run of your own.</source>
      <translation>El codificador parte de pesos de ImageNet que vienen con el programa, o de una ejecución propia.</translation>
    </message>
    <message>
      <source>The encoder that is held back starts from random weights: it has nothing to keep.</source>
      <translation>El codificador que se frena parte de pesos al azar: no tiene nada que conservar.</translation>
    </message>
    <message>
      <source>The encoder {encoder} fails on images of {side} px: {reason}.</source>
      <translation>El codificador {encoder} falla con imágenes de {side} px: {reason}.</translation>
    </message>
    <message>
      <source>The encoder {encoder} takes images of {side} px and its multiples: others are padded.</source>
      <translation>El codificador {encoder} admite imágenes de {side} px y sus múltiplos: las demás se rellenan.</translation>
    </message>
    <message>
      <source>The encoder {encoder} takes images of {side} px only: smaller ones are padded, larger ones learnt in patches.</source>
      <translation>El codificador {encoder} solo admite imágenes de {side} px: las menores se rellenan y las mayores se aprenden por parches.</translation>
    </message>
    <message>
      <source>The figures hold for scans like these: other machines, protocols and patients may do worse.</source>
      <translation>Las cifras valen para imágenes como estas: con otros equipos, protocolos y pacientes pueden ser peores.</translation>
    </message>
    <message>
      <source>The file counts white as 0: its values were turned over.</source>
      <translation>El archivo cuenta el blanco como 0: se invirtieron sus valores.</translation>
    </message>
    <message>
      <source>The file does not say whether its pixel size, {size} mm, holds in the patient or at the detector.</source>
      <translation>El archivo no dice si su tamaño de píxel, {size} mm, vale en el paciente o en el detector.</translation>
    </message>
    <message>
      <source>The file does not say which way its axes point in a patient (space: {space}): it is shown as stored.</source>
      <translation>El archivo no dice hacia dónde apuntan sus ejes en el paciente (espacio: {space}): se muestra como está guardado.</translation>
    </message>
    <message>
      <source>The file gives the size of its voxels in a unit that is not known ({unit}): no lengths are measured.</source>
      <translation>El archivo da el tamaño de sus vóxeles en una unidad desconocida ({unit}): no se miden longitudes.</translation>
    </message>
    <message>
      <source>The file goes on after what its header speaks of: {size} bytes or more were not read.</source>
      <translation>El archivo sigue tras lo que dice su cabecera: no se leyeron {size} bytes o más.</translation>
    </message>
    <message>
      <source>The file holds pixels of {held} frames, and its header counts {count}: the last are left out.</source>
      <translation>El archivo contiene los píxeles de {held} fotogramas y su cabecera cuenta {count}: los últimos quedan fuera.</translation>
    </message>
    <message>
      <source>The file of the mask</source>
      <translation>El archivo de la máscara</translation>
    </message>
    <message>
      <source>The file was changed after it was imported: bring back the old one, or import the series again.</source>
      <translation>El archivo cambió después de importarse: recupere el anterior, o importe la serie de nuevo.</translation>
    </message>
    <message>
      <source>The file was changed after it was imported: bring back the old one.</source>
      <translation>El archivo cambió después de importarse: recupere el anterior.</translation>
    </message>
    <message>
      <source>The file was changed by another program; use the original.</source>
      <translation>Otro programa cambió el archivo; use el original.</translation>
    </message>
    <message>
      <source>The file's classes were left out: there are {have} for {count} images.</source>
      <translation>Las clases del archivo se omitieron: hay {have} para {count} imágenes.</translation>
    </message>
    <message>
      <source>The file's classes were left out: they are no numbers and no names.</source>
      <translation>Las clases del archivo se omitieron: no son números ni nombres.</translation>
    </message>
    <message>
      <source>The file's masks ({array}) were left out: only images and their classes are read from such a file.</source>
      <translation>Las máscaras del archivo ({array}) se omitieron: de un archivo así solo se leen las imágenes y sus clases.</translation>
    </message>
    <message>
      <source>The file's own window</source>
      <translation>Ventana propia del archivo</translation>
    </message>
    <message>
      <source>The file's table {number}</source>
      <translation>Tabla {number} del archivo</translation>
    </message>
    <message>
      <source>The file's window {number}</source>
      <translation>Ventana {number} del archivo</translation>
    </message>
    <message>
      <source>The files name no patient: each item counts as one.</source>
      <translation>Los archivos no nombran pacientes: cada elemento cuenta como uno.</translation>
    </message>
    <message>
      <source>The files of the image that {name} belongs to do not fit each other.</source>
      <translation>Los archivos de la imagen a la que pertenece {name} no encajan entre sí.</translation>
    </message>
    <message>
      <source>The fill cannot be {value}.</source>
      <translation>El relleno no puede ser {value}.</translation>
    </message>
    <message>
      <source>The first convolutional network in daily use: small shared filters, then smaller maps, then classes.</source>
      <translation>La primera red convolucional de uso diario: filtros pequeños compartidos, luego mapas menores, luego clases.</translation>
    </message>
    <message>
      <source>The first line must name the columns: {columns}. Or say which columns are meant.</source>
      <translation>La primera línea debe nombrar las columnas: {columns}. O indique qué columnas son.</translation>
    </message>
    <message>
      <source>The first size of {first} px changes nothing: the network sees {size} px from the start.</source>
      <translation>El tamaño inicial de {first} px no cambia nada: la red ve {size} px desde el principio.</translation>
    </message>
    <message>
      <source>The first skip goes through a 1×1 filter, since the shape changes.</source>
      <translation>El primer salto pasa por un filtro 1×1, pues la forma cambia.</translation>
    </message>
    <message>
      <source>The folder cannot be read.</source>
      <translation>No se puede leer la carpeta.</translation>
    </message>
    <message>
      <source>The folder of the click model</source>
      <translation>La carpeta del modelo de clics</translation>
    </message>
    <message>
      <source>The folder of the masks</source>
      <translation>La carpeta de las máscaras</translation>
    </message>
    <message>
      <source>The folder that holds the masks, named like the images</source>
      <translation>La carpeta con las máscaras, llamadas como las imágenes</translation>
    </message>
    <message>
      <source>The folder {name} could not be made: {reason}.</source>
      <translation>No se pudo crear la carpeta {name}: {reason}.</translation>
    </message>
    <message>
      <source>The folder {name} does not exist.</source>
      <translation>La carpeta {name} no existe.</translation>
    </message>
    <message>
      <source>The folders of the images name no sets.</source>
      <translation>Las carpetas de las imágenes no nombran ningún conjunto.</translation>
    </message>
    <message>
      <source>The folders say: {sets}</source>
      <translation>Las carpetas dicen: {sets}</translation>
    </message>
    <message>
      <source>The fourth channel was taken for transparency and left out.</source>
      <translation>El cuarto canal se tomó por transparencia y se omitió.</translation>
    </message>
    <message>
      <source>The frames have no positions: they are a stack in the order of the file, not a volume.</source>
      <translation>Los fotogramas no tienen posiciones: son una pila en el orden del archivo, no un volumen.</translation>
    </message>
    <message>
      <source>The frames have pixels of several sizes: lengths are in pixels.</source>
      <translation>Los fotogramas tienen píxeles de varios tamaños: las longitudes van en píxeles.</translation>
    </message>
    <message>
      <source>The fully connected layer meets {sum} = {values} values.</source>
      <translation>La capa totalmente conectada recibe {sum} = {values} valores.</translation>
    </message>
    <message>
      <source>The header does not say how large a voxel is: lengths are in pixels.</source>
      <translation>La cabecera no dice qué tamaño tiene un vóxel: las longitudes están en píxeles.</translation>
    </message>
    <message>
      <source>The header says a voxel's size as a negative number: its amount was taken.</source>
      <translation>La cabecera da el tamaño del vóxel como número negativo: se tomó su valor absoluto.</translation>
    </message>
    <message>
      <source>The header says twice where the voxels lie, up to {apart:.1f} mm apart (sform and qform): sform was taken, as most programs do.</source>
      <translation>La cabecera indica dos veces dónde están los vóxeles, con hasta {apart:.1f} mm de diferencia (sform y qform): se tomó sform, como hacen casi todos los programas.</translation>
    </message>
    <message>
      <source>The header's place is no place: only the voxels' size was taken from it.</source>
      <translation>La posición de la cabecera no es válida: solo se tomó de ella el tamaño de los vóxeles.</translation>
    </message>
    <message>
      <source>The header's sform is no place (all zeros or not a number): qform was taken.</source>
      <translation>El sform de la cabecera no es una posición (solo ceros o valores no numéricos): se tomó qform.</translation>
    </message>
    <message>
      <source>The highest step size; 0 chooses one.</source>
      <translation>El mayor tamaño de paso; 0 lo elige solo.</translation>
    </message>
    <message>
      <source>The image has no class yet</source>
      <translation>La imagen aún no tiene clase</translation>
    </message>
    <message>
      <source>The image has no class yet.</source>
      <translation>La imagen aún no tiene clase.</translation>
    </message>
    <message>
      <source>The image of this item could not be read: the scan says why.</source>
      <translation>No se pudo leer la imagen de este elemento: donde iría se dice por qué.</translation>
    </message>
    <message>
      <source>The image of {name} cannot be read: {reason}.</source>
      <translation>La imagen de {name} no se puede leer: {reason}.</translation>
    </message>
    <message>
      <source>The image of {name} has changed since it was imported.</source>
      <translation>La imagen de {name} cambió desde que se importó.</translation>
    </message>
    <message>
      <source>The image of {name} is not where it was: {file}.</source>
      <translation>La imagen de {name} no está donde estaba: {file}.</translation>
    </message>
    <message>
      <source>The image of {name} is {now} now, and its mask {before}.</source>
      <translation>La imagen de {name} mide ahora {now} y su máscara {before}.</translation>
    </message>
    <message>
      <source>The image shows regions of several scales: lengths are in pixels.</source>
      <translation>La imagen muestra regiones de varias escalas: las longitudes están en píxeles.</translation>
    </message>
    <message>
      <source>The image was exchanged after it came in, and its mask was drawn on the one before.</source>
      <translation>La imagen se cambió por otra después de importarla y su máscara se dibujó sobre la anterior.</translation>
    </message>
    <message>
      <source>The image was not read.</source>
      <translation>La imagen no se leyó.</translation>
    </message>
    <message>
      <source>The images are brought to this size.</source>
      <translation>Las imágenes se llevan a este tamaño.</translation>
    </message>
    <message>
      <source>The images are in no sets yet. Divide them in the Data tab.</source>
      <translation>Las imágenes aún no están en conjuntos. Repártalas en la pestaña Datos.</translation>
    </message>
    <message>
      <source>The images keep their classes.</source>
      <translation>Las imágenes conservan sus clases.</translation>
    </message>
    <message>
      <source>The images of this training need {needed:.1f} GB of memory, and {free:.1f} GB are free.</source>
      <translation>Las imágenes de este entrenamiento necesitan {needed:.1f} GB de memoria y hay {free:.1f} GB libres.</translation>
    </message>
    <message>
      <source>The item is still being read.</source>
      <translation>El elemento aún se está leyendo.</translation>
    </message>
    <message>
      <source>The items are divided already. Other shares or a new draw divide them anew.</source>
      <translation>Los elementos ya están repartidos. Otras partes u otro sorteo los reparten de nuevo.</translation>
    </message>
    <message>
      <source>The last checkpoint is damaged: the one before it is used.</source>
      <translation>El último punto de control está dañado: se usa el anterior.</translation>
    </message>
    <message>
      <source>The lecture's project</source>
      <translation>El proyecto de la lección</translation>
    </message>
    <message>
      <source>The library timm has no network called {name}.</source>
      <translation>La biblioteca timm no tiene ninguna red llamada {name}.</translation>
    </message>
    <message>
      <source>The line does not cut an object in two.</source>
      <translation>La línea no corta ningún objeto en dos.</translation>
    </message>
    <message>
      <source>The line of Swipe: move it, and back to the middle</source>
      <translation>La línea de Cortina: moverla, y de vuelta al centro</translation>
    </message>
    <message>
      <source>The list beside the mask does not name the objects {ids}: they are of the class that was chosen.</source>
      <translation>La lista junto a la máscara no nombra los objetos {ids}: son de la clase que se eligió.</translation>
    </message>
    <message>
      <source>The list beside the mask does not say of which class the objects {ids} are.</source>
      <translation>La lista junto a la máscara no dice de qué clase son los objetos {ids}.</translation>
    </message>
    <message>
      <source>The longer side is brought to this many pixels; 0 chooses.</source>
      <translation>El lado más largo se lleva a estos píxeles; con 0 se elige solo.</translation>
    </message>
    <message>
      <source>The loss</source>
      <translation>La pérdida</translation>
    </message>
    <message>
      <source>The loss was no longer a number: back to the last good weights, with half the learning rate.</source>
      <translation>La pérdida dejó de ser un número: se vuelve a los últimos pesos buenos, con la mitad de la tasa de aprendizaje.</translation>
    </message>
    <message>
      <source>The loss was no longer a number: going on with half the learning rate.</source>
      <translation>La pérdida dejó de ser un número: se continúa con la mitad de la tasa de aprendizaje.</translation>
    </message>
    <message>
      <source>The loss {name} measures overlap, which a class of a whole image does not have.</source>
      <translation>La pérdida {name} mide el solape, que una clase de imagen entera no tiene.</translation>
    </message>
    <message>
      <source>The maps become ever smaller, and their place is given up for the class.</source>
      <translation>Los mapas se hacen cada vez más pequeños, y se renuncia al lugar a cambio de la clase.</translation>
    </message>
    <message>
      <source>The mask begins at 0 mm and is not turned, as scripts write it, and the image of its size lies elsewhere: the mask was laid on voxel by voxel, as stored.</source>
      <translation>La máscara empieza en 0 mm y no está girada, como la escriben los scripts, y la imagen de su tamaño está en otro lugar: la máscara se colocó vóxel a vóxel, tal como está guardada.</translation>
    </message>
    <message>
      <source>The mask calls the value {value} {name}; it was taken as background.</source>
      <translation>La máscara llama {name} al valor {value}; se tomó como fondo.</translation>
    </message>
    <message>
      <source>The mask calls the value {value} {name}; it was taken as {label}.</source>
      <translation>La máscara llama {name} al valor {value}; se tomó como {label}.</translation>
    </message>
    <message>
      <source>The mask does not say of which class its objects are.</source>
      <translation>La máscara no dice de qué clase son sus objetos.</translation>
    </message>
    <message>
      <source>The mask does not say where it lies in the patient, so nobody can know how it is turned.</source>
      <translation>La máscara no dice dónde se encuentra en el paciente, de modo que no se puede saber cómo está orientada.</translation>
    </message>
    <message>
      <source>The mask does not say where it lies: its slices, rows and columns were taken as those of the image, as stored.</source>
      <translation>La máscara no dice dónde está: sus cortes, filas y columnas se tomaron como los de la imagen, tal como están guardados.</translation>
    </message>
    <message>
      <source>The mask has {mask} px a side instead of {before}.</source>
      <translation>La máscara tiene {mask} px de lado en vez de {before}.</translation>
    </message>
    <message>
      <source>The mask holds the value {value}, which has no class.</source>
      <translation>La máscara contiene el valor {value}, que no tiene clase.</translation>
    </message>
    <message>
      <source>The mask holds the value {value}, which is the number of no object.</source>
      <translation>La máscara contiene el valor {value}, que no es el número de ningún objeto.</translation>
    </message>
    <message>
      <source>The mask holds {count} objects, and 65,535 are the most.</source>
      <translation>La máscara contiene {count} objetos, y el máximo es 65.535.</translation>
    </message>
    <message>
      <source>The mask is a JPEG or a lossy WebP, which smears edges: its values were taken as black (0) or white (255).</source>
      <translation>La máscara es un JPEG o un WebP con pérdida, que difumina los bordes: sus valores se tomaron como negro (0) o blanco (255).</translation>
    </message>
    <message>
      <source>The mask is black on a transparent ground: what is opaque was taken as the value 255.</source>
      <translation>La máscara es negra sobre fondo transparente: lo opaco se tomó como el valor 255.</translation>
    </message>
    <message>
      <source>The mask is here now</source>
      <translation>La máscara está aquí ahora</translation>
    </message>
    <message>
      <source>The mask is {mask}, the image {image}.</source>
      <translation>La máscara es de {mask}, la imagen de {image}.</translation>
    </message>
    <message>
      <source>The mask is {mask}, the image {image}: its axes stand in another order, and its place in the patient does not say so.</source>
      <translation>La máscara mide {mask} y la imagen {image}: sus ejes están en otro orden, y su posición en el paciente no lo indica.</translation>
    </message>
    <message>
      <source>The mask lies on another grid ({mask} voxels) than the image ({image}): it was laid on by millimetres.</source>
      <translation>La máscara está en otra cuadrícula ({mask} vóxeles) que la imagen ({image}): se colocó según los milímetros.</translation>
    </message>
    <message>
      <source>The mask lies on another grid than the image, and objects cannot be laid on one without loss.</source>
      <translation>La máscara está en otra rejilla que la imagen, y los objetos no se pueden trasladar sin pérdida.</translation>
    </message>
    <message>
      <source>The mask lies somewhere else in the patient than the image.</source>
      <translation>La máscara está en otra parte del paciente que la imagen.</translation>
    </message>
    <message>
      <source>The mask of 1 image was left out: this project tells whole images apart.</source>
      <translation>Se omitió la máscara de 1 imagen: este proyecto distingue imágenes enteras.</translation>
    </message>
    <message>
      <source>The mask of this slice is copied: Ctrl+V pastes it on another.</source>
      <translation>La máscara de este corte está copiada: Ctrl+V la pega en otro.</translation>
    </message>
    <message>
      <source>The mask tells no objects apart: each connected part of a class was taken as one ({count} in all).</source>
      <translation>La máscara no distingue objetos: cada parte conexa de una clase se tomó como uno ({count} en total).</translation>
    </message>
    <message>
      <source>The mask was hidden: it is shown again.</source>
      <translation>La máscara estaba oculta: se muestra de nuevo.</translation>
    </message>
    <message>
      <source>The mask was imported empty, which counts as labelled. Nothing was painted here yet.</source>
      <translation>La máscara se importó vacía, lo que cuenta como etiquetada. Aquí aún no se ha pintado nada.</translation>
    </message>
    <message>
      <source>The mask was imported. Nothing was painted here yet.</source>
      <translation>La máscara se importó. Aquí aún no se ha pintado nada.</translation>
    </message>
    <message>
      <source>The mask was painted on meanwhile: nothing was undone or redone.</source>
      <translation>Mientras tanto se pintó en la máscara: no se deshizo ni rehízo nada.</translation>
    </message>
    <message>
      <source>The mask's slices were taken in the order of the image's, which run from {first} to {last}.</source>
      <translation>Los cortes de la máscara se tomaron en el orden de los de la imagen, que van de {first} a {last}.</translation>
    </message>
    <message>
      <source>The mask's slices were taken in the order of the image's.</source>
      <translation>Los cortes de la máscara se tomaron en el orden de los de la imagen.</translation>
    </message>
    <message>
      <source>The masks</source>
      <translation>Las máscaras</translation>
    </message>
    <message>
      <source>The masks call the value {value} by several names: {names}. Import them one by one.</source>
      <translation>Las máscaras dan varios nombres al valor {value}: {names}. Impórtelas una por una.</translation>
    </message>
    <message>
      <source>The masks of the validation set hold no class: the last weights are kept.</source>
      <translation>Las máscaras del conjunto de validación no contienen ninguna clase: se guardan los últimos pesos.</translation>
    </message>
    <message>
      <source>The masks of {count} images were left out: this project tells whole images apart.</source>
      <translation>Se omitieron las máscaras de {count} imágenes: este proyecto distingue imágenes enteras.</translation>
    </message>
    <message>
      <source>The mean of all samples</source>
      <translation>La media de todas las muestras</translation>
    </message>
    <message>
      <source>The mean of each map: one number a map.</source>
      <translation>La media de cada mapa: un número por mapa.</translation>
    </message>
    <message>
      <source>The mean over {count} classes that mask or prediction hold.</source>
      <translation>La media de las {count} clases que la máscara o la predicción contienen.</translation>
    </message>
    <message>
      <source>The memory is full.</source>
      <translation>La memoria está llena.</translation>
    </message>
    <message>
      <source>The memory is too small for a single image of this training.</source>
      <translation>La memoria no alcanza ni para una sola imagen de este entrenamiento.</translation>
    </message>
    <message>
      <source>The memory is too small for a single image with this network.</source>
      <translation>La memoria no alcanza ni para una sola imagen con esta red.</translation>
    </message>
    <message>
      <source>The memory is too small for the fewest images that this network learns from at a time.</source>
      <translation>La memoria es demasiado pequeña para el menor número de imágenes del que esta red aprende a la vez.</translation>
    </message>
    <message>
      <source>The memory is too small for training this network.</source>
      <translation>La memoria es demasiado pequeña para entrenar esta red.</translation>
    </message>
    <message>
      <source>The memory was too small: one image at a time now.</source>
      <translation>La memoria no alcanzó: ahora una imagen a la vez.</translation>
    </message>
    <message>
      <source>The memory was too small: the batch is now computed in parts of {count}.</source>
      <translation>La memoria no alcanzó: el lote se calcula ahora en partes de {count}.</translation>
    </message>
    <message>
      <source>The memory was too small: {count} images at a time now.</source>
      <translation>La memoria no alcanzó: ahora {count} imágenes a la vez.</translation>
    </message>
    <message>
      <source>The mirror image makes right the left in {n} of {count}.</source>
      <translation>La imagen en espejo cambia derecha por izquierda en {n} de {count}.</translation>
    </message>
    <message>
      <source>The mirror image puts {name} on the other side in {n} of {count}.</source>
      <translation>La imagen en espejo pone {name} al otro lado en {n} de {count}.</translation>
    </message>
    <message>
      <source>The mirror image, the outermost pixels, or black. The mask follows the image.</source>
      <translation>La imagen en espejo, los píxeles del borde o negro. La máscara sigue a la imagen.</translation>
    </message>
    <message>
      <source>The model also knows {names}, no classes any more: {count} answers with them count as wrong.</source>
      <translation>El modelo también conoce {names}, que ya no son clases: {count} respuestas con ellas cuentan como errores.</translation>
    </message>
    <message>
      <source>The model never knew {names}: they have no score.</source>
      <translation>El modelo nunca conoció {names}: no tienen puntuación.</translation>
    </message>
    <message>
      <source>The model of {run} is gone: {file} is not in the run's folder.</source>
      <translation>El modelo de {run} ya no está: {file} no se encuentra en la carpeta del entrenamiento.</translation>
    </message>
    <message>
      <source>The most that an image may have; a training counts its own where this is left as it is.</source>
      <translation>Los que una imagen puede tener como mucho; un entrenamiento cuenta los suyos si esto se deja como está.</translation>
    </message>
    <message>
      <source>The most used: classification, detection, segmentation.</source>
      <translation>La más usada: clasificación, detección, segmentación.</translation>
    </message>
    <message>
      <source>The mouse wheel zooms instead of changing slices.</source>
      <translation>La rueda del ratón acerca en lugar de cambiar de corte.</translation>
    </message>
    <message>
      <source>The names are listed in the Data tab.</source>
      <translation>Los nombres están en la pestaña Datos.</translation>
    </message>
    <message>
      <source>The network fails on images of {side} px: {reason}.</source>
      <translation>La red falla con imágenes de {side} px: {reason}.</translation>
    </message>
    <message>
      <source>The network finds no object at this place, so there is nothing to explain.</source>
      <translation>La red no encuentra ningún objeto en este lugar: no hay nada que explicar.</translation>
    </message>
    <message>
      <source>The network finds no object of that class at this place, so there is nothing to explain.</source>
      <translation>La red no encuentra en este lugar ningún objeto de esa clase: no hay nada que explicar.</translation>
    </message>
    <message>
      <source>The network finds no object of that class in this image, so there is nothing to explain.</source>
      <translation>La red no encuentra en esta imagen ningún objeto de esa clase: no hay nada que explicar.</translation>
    </message>
    <message>
      <source>The network has learnt from these cases: they do not tell how it does on new ones.</source>
      <translation>La red aprendió de estos casos: no dicen cómo le va con otros nuevos.</translation>
    </message>
    <message>
      <source>The network knows no class {name}.</source>
      <translation>La red no conoce ninguna clase {name}.</translation>
    </message>
    <message>
      <source>The network knows {count} classes, not a class number {index}.</source>
      <translation>La red conoce {count} clases, no una clase número {index}.</translation>
    </message>
    <message>
      <source>The network marks no pixel of this image as that class, so there is nothing to explain.</source>
      <translation>La red no marca ningún píxel de esta imagen como esa clase: no hay nada que explicar.</translation>
    </message>
    <message>
      <source>The network marks nothing in this image, so there is nothing to explain.</source>
      <translation>La red no marca nada en esta imagen, así que no hay nada que explicar.</translation>
    </message>
    <message>
      <source>The network of this run cannot be read: {reason}.</source>
      <translation>No se puede leer la red de este entrenamiento: {reason}.</translation>
    </message>
    <message>
      <source>The network sees whole images, since the place in the image tells the classes apart.</source>
      <translation>La red ve imágenes enteras, porque el lugar en la imagen distingue las clases.</translation>
    </message>
    <message>
      <source>The network tells no objects apart: a watershed makes them of its class map, all as sure as each other, so F1 says more than AP.</source>
      <translation>La red no distingue objetos: una transformación de cuenca los saca de su mapa de clases, todos igual de seguros, así que F1 dice más que AP.</translation>
    </message>
    <message>
      <source>The network tells no objects apart: the connected parts of each class are taken for them, all as sure as each other, so F1 says more than AP.</source>
      <translation>La red no distingue objetos: se toman por tales las partes conexas de cada clase, todas igual de seguras, así que F1 dice más que AP.</translation>
    </message>
    <message>
      <source>The network {arch} cannot be built on the encoder {encoder}: {reason}.</source>
      <translation>La red {arch} no se puede construir sobre el codificador {encoder}: {reason}.</translation>
    </message>
    <message>
      <source>The network {arch} cannot be written as ONNX: {reason}.</source>
      <translation>La red {arch} no se puede escribir como ONNX: {reason}.</translation>
    </message>
    <message>
      <source>The network {name} cannot be built for images of {size} px with {channels} channels: {reason}.</source>
      <translation>La red {name} no se puede construir para imágenes de {size} px con {channels} canales: {reason}.</translation>
    </message>
    <message>
      <source>The network {name} has no setting {key}.</source>
      <translation>La red {name} no tiene el ajuste {key}.</translation>
    </message>
    <message>
      <source>The network {name} is for another task.</source>
      <translation>La red {name} es para otra tarea.</translation>
    </message>
    <message>
      <source>The network {name} stands twice in the study.</source>
      <translation>La red {name} figura dos veces en el estudio.</translation>
    </message>
    <message>
      <source>The network's answer to 1 image is no number (NaN or infinite), so that it names no class: {names}.</source>
      <translation>La respuesta de la red a 1 imagen no es un número (NaN o infinito), así que no dice ninguna clase: {names}.</translation>
    </message>
    <message>
      <source>The network's answers to {count} images are no numbers (NaN or infinite), so that they name no class: {names}.</source>
      <translation>Las respuestas de la red a {count} imágenes no son números (NaN o infinito), así que no dicen ninguna clase: {names}.</translation>
    </message>
    <message>
      <source>The network's answers to {count} of {all} images of the validation set are no numbers: this epoch has no score.</source>
      <translation>Las respuestas de la red a {count} de {all} imágenes del conjunto de validación no son números: esta época no tiene puntuación.</translation>
    </message>
    <message>
      <source>The network's file stays in the project's folder.</source>
      <translation>El archivo de la red permanece en la carpeta del proyecto.</translation>
    </message>
    <message>
      <source>The network's own</source>
      <translation>Propios de la red</translation>
    </message>
    <message>
      <source>The networks</source>
      <translation>Las redes</translation>
    </message>
    <message>
      <source>The newest run that fits, where there is more to learn since; else the built-in ImageNet weights</source>
      <translation>La ejecución más reciente que encaje, si desde entonces hay más que aprender; si no, los pesos de ImageNet incluidos</translation>
    </message>
    <message>
      <source>The next run changes its images like this.</source>
      <translation>El próximo entrenamiento cambia así sus imágenes.</translation>
    </message>
    <message>
      <source>The next run uses it already.</source>
      <translation>El próximo entrenamiento ya la usa.</translation>
    </message>
    <message>
      <source>The numbers of the objects have no gap: nothing is left to do.</source>
      <translation>Los números de los objetos no tienen huecos: no queda nada por hacer.</translation>
    </message>
    <message>
      <source>The object's class is locked.</source>
      <translation>La clase del objeto está bloqueada.</translation>
    </message>
    <message>
      <source>The objects in {name} are damaged.</source>
      <translation>Los objetos de {name} están dañados.</translation>
    </message>
    <message>
      <source>The one class that mask or prediction hold.</source>
      <translation>La única clase que contienen la máscara o la predicción.</translation>
    </message>
    <message>
      <source>The open polygon waits on slice {number}.</source>
      <translation>El polígono abierto espera en el corte {number}.</translation>
    </message>
    <message>
      <source>The open polygon waits.</source>
      <translation>El polígono abierto espera.</translation>
    </message>
    <message>
      <source>The outline could not be worked out.</source>
      <translation>No se ha podido calcular el contorno.</translation>
    </message>
    <message>
      <source>The outline is not closed: the fill would take most of the slice.</source>
      <translation>El contorno no está cerrado: el relleno abarcaría la mayor parte del corte.</translation>
    </message>
    <message>
      <source>The outline that was not taken waits on slice {number}.</source>
      <translation>El contorno que no se ha tomado espera en el corte {number}.</translation>
    </message>
    <message>
      <source>The outline that was not taken waits.</source>
      <translation>El contorno que no se ha tomado espera.</translation>
    </message>
    <message>
      <source>The output layer was rebuilt for the classes of this project; new: {names}.</source>
      <translation>La capa de salida se rehízo para las clases de este proyecto; nuevas: {names}.</translation>
    </message>
    <message>
      <source>The part that reads the image, where the network has an exchangeable one.</source>
      <translation>La parte que lee la imagen, donde la red tiene una intercambiable.</translation>
    </message>
    <message>
      <source>The parts of the last maps that speak for the class: smooth, and the usual choice.</source>
      <translation>Las partes de los últimos mapas que apoyan la clase: suave, y la opción habitual.</translation>
    </message>
    <message>
      <source>The path of {name} is too long: it has {length} bytes, and {most} are the most.</source>
      <translation>La ruta de {name} es demasiado larga: tiene {length} bytes, y el máximo son {most}.</translation>
    </message>
    <message>
      <source>The picture is written as PNG, and {name} would be called otherwise.</source>
      <translation>La imagen se escribe como PNG y {name} se llamaría de otra forma.</translation>
    </message>
    <message>
      <source>The picture {name} could not be encoded.</source>
      <translation>No se pudo codificar la imagen {name}.</translation>
    </message>
    <message>
      <source>The pixel size at the detector, {size} mm, was divided by the magnification {factor:.3g} of the file.</source>
      <translation>El tamaño de píxel en el detector, {size} mm, se ha dividido por la ampliación {factor:.3g} del archivo.</translation>
    </message>
    <message>
      <source>The pixels are of a kind that is no image: {kind}.</source>
      <translation>Los píxeles son de un tipo que no es de imagen: {kind}.</translation>
    </message>
    <message>
      <source>The pixels as they are fed to it, without the mask</source>
      <translation>Los píxeles tal como le entran, sin la máscara</translation>
    </message>
    <message>
      <source>The pixels that would change the answer most: quick, and noisy.</source>
      <translation>Los píxeles que más cambiarían la respuesta: rápido y ruidoso.</translation>
    </message>
    <message>
      <source>The places of the slices follow from the first one and the {what}, {step:.4g} mm.</source>
      <translation>Las posiciones de los cortes se deducen de la primera y de {what}, {step:.4g} mm.</translation>
    </message>
    <message>
      <source>The prediction has it: at least half of what both cover is shared (IoU 0.5)</source>
      <translation>La predicción lo tiene: comparten al menos la mitad de lo que ambos cubren (IoU 0,5)</translation>
    </message>
    <message>
      <source>The prediction has none of it, so there is no distance.</source>
      <translation>La predicción no la tiene: no hay distancia.</translation>
    </message>
    <message>
      <source>The prediction has nothing here.</source>
      <translation>La predicción no tiene nada aquí.</translation>
    </message>
    <message>
      <source>The prediction makes one of it and another</source>
      <translation>La predicción hace uno solo de él y de otro</translation>
    </message>
    <message>
      <source>The prediction makes several of it, none of which is it</source>
      <translation>La predicción hace de él varios, ninguno de los cuales lo es</translation>
    </message>
    <message>
      <source>The prediction over your mask</source>
      <translation>La predicción sobre su máscara</translation>
    </message>
    <message>
      <source>The probability of each class; the likeliest one is the answer.</source>
      <translation>La probabilidad de cada clase; la más probable es la respuesta.</translation>
    </message>
    <message>
      <source>The processor that trains.</source>
      <translation>El procesador que entrena.</translation>
    </message>
    <message>
      <source>The program's language; system follows the computer.</source>
      <translation>El idioma del programa; «system» sigue al del equipo.</translation>
    </message>
    <message>
      <source>The project could not be saved: {reason}.</source>
      <translation>No se pudo guardar el proyecto: {reason}.</translation>
    </message>
    <message>
      <source>The project is damaged at {place}: {columns} could not be read.</source>
      <translation>El proyecto está dañado en {place}: no se pudo leer {columns}.</translation>
    </message>
    <message>
      <source>The project is open to read only.</source>
      <translation>El proyecto está abierto solo para lectura.</translation>
    </message>
    <message>
      <source>The project {name} cannot be opened: {reason}.</source>
      <translation>No se puede abrir el proyecto {name}: {reason}.</translation>
    </message>
    <message>
      <source>The project's folder is gone: you go on in {name}.</source>
      <translation>La carpeta del proyecto ya no está: se sigue en {name}.</translation>
    </message>
    <message>
      <source>The question</source>
      <translation>La pregunta</translation>
    </message>
    <message>
      <source>The range of {name} cannot be {from_} to {to}.</source>
      <translation>El rango de {name} no puede ser de {from_} a {to}.</translation>
    </message>
    <message>
      <source>The references hold the values {one} and the predictions {other}: none is in both, so nothing can agree.</source>
      <translation>Las referencias tienen los valores {one} y las predicciones {other}: ninguno está en ambas, así que nada puede coincidir.</translation>
    </message>
    <message>
      <source>The report is in the clipboard. It holds no names of patients or files.</source>
      <translation>El informe está en el portapapeles. No contiene nombres de pacientes ni de archivos.</translation>
    </message>
    <message>
      <source>The report is in {name}.</source>
      <translation>El informe está en {name}.</translation>
    </message>
    <message>
      <source>The report is without pictures of where it looked: {reason}</source>
      <translation>El informe va sin imágenes de dónde miró: {reason}</translation>
    </message>
    <message>
      <source>The run was removed.</source>
      <translation>El entrenamiento se quitó.</translation>
    </message>
    <message>
      <source>The runs are: {known}.</source>
      <translation>Los entrenamientos son: {known}.</translation>
    </message>
    <message>
      <source>The same for all</source>
      <translation>Igual para todas</translation>
    </message>
    <message>
      <source>The same for each pixel. Semantic: pixels of one class are one. Instances: each object is told from its neighbours.</source>
      <translation>Lo mismo para cada píxel. Semántica: los píxeles de una clase son uno. Instancias: cada objeto se distingue de sus vecinos.</translation>
    </message>
    <message>
      <source>The same holds for 1 more image.</source>
      <translation>Lo mismo vale para 1 imagen más.</translation>
    </message>
    <message>
      <source>The same holds for {count} more images.</source>
      <translation>Lo mismo vale para {count} imágenes más.</translation>
    </message>
    <message>
      <source>The same image is of different classes: {names}.</source>
      <translation>La misma imagen tiene clases distintas: {names}.</translation>
    </message>
    <message>
      <source>The same image stands in different sets: {names}.</source>
      <translation>La misma imagen está en conjuntos distintos: {names}.</translation>
    </message>
    <message>
      <source>The same image stands twice: {names}.</source>
      <translation>La misma imagen está dos veces: {names}.</translation>
    </message>
    <message>
      <source>The same images for all networks</source>
      <translation>Las mismas imágenes para todas las redes</translation>
    </message>
    <message>
      <source>The same number draws the same sets</source>
      <translation>El mismo número sortea los mismos conjuntos</translation>
    </message>
    <message>
      <source>The same seed gives the same samples</source>
      <translation>La misma semilla da las mismas muestras</translation>
    </message>
    <message>
      <source>The same seed gives the same training on the same machine.</source>
      <translation>La misma semilla da el mismo entrenamiento en el mismo equipo.</translation>
    </message>
    <message>
      <source>The score</source>
      <translation>La puntuación</translation>
    </message>
    <message>
      <source>The scores of every run on the test set are counted by its classes. Ctrl+Z takes the change back.</source>
      <translation>Las puntuaciones de todos los entrenamientos en el conjunto de prueba se cuentan por sus clases. Ctrl+Z deshace el cambio.</translation>
    </message>
    <message>
      <source>The sets are being drawn.</source>
      <translation>Se están sorteando los conjuntos.</translation>
    </message>
    <message>
      <source>The settings are: {known}.</source>
      <translation>Los ajustes son: {known}.</translation>
    </message>
    <message>
      <source>The settings cannot be read: {reason}.</source>
      <translation>No se pueden leer los ajustes: {reason}.</translation>
    </message>
    <message>
      <source>The settings of all are: {known}.</source>
      <translation>Los ajustes de todas son: {known}.</translation>
    </message>
    <message>
      <source>The shapes of {file} were left out: this project tells whole images apart.</source>
      <translation>Se omitieron las formas de {file}: este proyecto distingue imágenes enteras.</translation>
    </message>
    <message>
      <source>The slice that was copied has another size than this one.</source>
      <translation>El corte copiado tiene otro tamaño que este.</translation>
    </message>
    <message>
      <source>The slices are shifted against each other (tilted gantry).</source>
      <translation>Los cortes están desplazados entre sí (gantry inclinado).</translation>
    </message>
    <message>
      <source>The slices do not lie on one line: they are a stack in the order of their numbers, not a volume.</source>
      <translation>Los cortes no están en una línea: son una pila en el orden de sus números, no un volumen.</translation>
    </message>
    <message>
      <source>The slices have no positions: they are a stack in the order of their numbers.</source>
      <translation>Los cortes no tienen posición: son una pila en el orden de sus números.</translation>
    </message>
    <message>
      <source>The slices point in different directions: they are a stack in the order of their numbers, not a volume.</source>
      <translation>Los cortes miran en direcciones distintas: son una pila en el orden de sus números, no un volumen.</translation>
    </message>
    <message>
      <source>The strokes reach over too much of the volume: grow them slice by slice, or over fewer slices.</source>
      <translation>Los trazos abarcan demasiado del volumen: hágalos crecer corte a corte, o en menos cortes.</translation>
    </message>
    <message>
      <source>The studies are: {known}.</source>
      <translation>Los estudios son: {known}.</translation>
    </message>
    <message>
      <source>The study has no networks.</source>
      <translation>El estudio no tiene redes.</translation>
    </message>
    <message>
      <source>The study is not over: what is left of it may still change the winner.</source>
      <translation>El estudio no ha terminado: lo que falta aún puede cambiar el ganador.</translation>
    </message>
    <message>
      <source>The tab Classify.</source>
      <translation>La pestaña Clasificar.</translation>
    </message>
    <message>
      <source>The table has classes that are not there yet: {names}</source>
      <translation>La tabla tiene clases que aún no existen: {names}</translation>
    </message>
    <message>
      <source>The tabs Label, Train and Review.</source>
      <translation>Las pestañas Etiquetar, Entrenar y Revisar.</translation>
    </message>
    <message>
      <source>The test set has been read for other runs too ({count} in all): a choice made by it is no longer blind.</source>
      <translation>El conjunto de prueba se ha leído también para otros entrenamientos ({count} en total): una elección hecha con él ya no es ciega.</translation>
    </message>
    <message>
      <source>The test set holds no item with a mask or a class.</source>
      <translation>El conjunto de prueba no tiene ningún elemento con máscara o clase.</translation>
    </message>
    <message>
      <source>The test set holds nothing to compare with: give its items masks or classes first.</source>
      <translation>El conjunto de prueba no contiene nada con que comparar: dé antes máscaras o clases a sus elementos.</translation>
    </message>
    <message>
      <source>The test set is being predicted and scored.</source>
      <translation>El conjunto de prueba se está prediciendo y puntuando.</translation>
    </message>
    <message>
      <source>The test set is empty: no score will be of cases that the network never met.</source>
      <translation>El conjunto de prueba está vacío: ninguna puntuación será de casos que la red no conoce.</translation>
    </message>
    <message>
      <source>The test set is not read: trials are chosen by the validation, and it judges the winner once.</source>
      <translation>El conjunto de prueba no está leído: los ensayos se eligen por la validación, y él juzga una vez al ganador.</translation>
    </message>
    <message>
      <source>The test set was not read for this study.</source>
      <translation>El conjunto de prueba no se leyó para este estudio.</translation>
    </message>
    <message>
      <source>The test set was read with {run} before, on {days}.</source>
      <translation>El conjunto de prueba ya se leyó con {run}: {days}.</translation>
    </message>
    <message>
      <source>The time is over before all combinations were trained to their end.</source>
      <translation>Se acabó el tiempo antes de que todas las combinaciones se entrenaran hasta el final.</translation>
    </message>
    <message>
      <source>The training begins on images of this many pixels and grows to the image size; 0 chooses.</source>
      <translation>El entrenamiento empieza con imágenes de estos píxeles y crece hasta el tamaño de imagen; 0 lo elige.</translation>
    </message>
    <message>
      <source>The training set has changed since (its images, masks, classes, or what of it is labelled).</source>
      <translation>El conjunto de entrenamiento ha cambiado desde entonces (sus imágenes, máscaras, clases o lo que está etiquetado).</translation>
    </message>
    <message>
      <source>The training set has no example of {names}: it is not learnt.</source>
      <translation>El conjunto de entrenamiento no tiene ningún ejemplo de {names}: no se aprende.</translation>
    </message>
    <message>
      <source>The training set has no example of {names}: they are not learnt.</source>
      <translation>El conjunto de entrenamiento no tiene ningún ejemplo de {names}: no se aprenden.</translation>
    </message>
    <message>
      <source>The training set holds images of fewer than two classes.</source>
      <translation>El conjunto de entrenamiento tiene imágenes de menos de dos clases.</translation>
    </message>
    <message>
      <source>The training set is empty. Divide the items into sets in the Data tab.</source>
      <translation>El conjunto de entrenamiento está vacío. Reparta los elementos en la pestaña Datos.</translation>
    </message>
    <message>
      <source>The training set is empty: nothing can be learnt.</source>
      <translation>El conjunto de entrenamiento está vacío: no se puede aprender nada.</translation>
    </message>
    <message>
      <source>The training set shows no object.</source>
      <translation>El conjunto de entrenamiento no muestra ningún objeto.</translation>
    </message>
    <message>
      <source>The transforms are: {known}.</source>
      <translation>Las transformaciones son: {known}.</translation>
    </message>
    <message>
      <source>The twin of Plain-20: the same layers and weights, and skips that have no weights of their own.</source>
      <translation>La gemela de Plain-20: las mismas capas y pesos, y saltos que no tienen pesos propios.</translation>
    </message>
    <message>
      <source>The twin of Plain-56: the same layers and weights, and skips that have no weights of their own.</source>
      <translation>La gemela de Plain-56: las mismas capas y pesos, y saltos que no tienen pesos propios.</translation>
    </message>
    <message>
      <source>The usual rival of the U-Net; X-ray and CT.</source>
      <translation>La rival habitual de la U-Net; radiografía y TC.</translation>
    </message>
    <message>
      <source>The validation set has changed since: scores before and after do not compare, the best model is chosen anew.</source>
      <translation>El conjunto de validación ha cambiado desde entonces: las puntuaciones de antes y de después no se comparan, y el mejor modelo se elige de nuevo.</translation>
    </message>
    <message>
      <source>The validation set is empty: the best epoch cannot be told.</source>
      <translation>El conjunto de validación está vacío: no se puede saber cuál es la mejor época.</translation>
    </message>
    <message>
      <source>The value {value} is in the references alone. If it stands for what nobody labelled, leave it out: --ignore {value}.</source>
      <translation>El valor {value} está solo en las referencias. Si representa lo que nadie etiquetó, exclúyalo: --ignore {value}.</translation>
    </message>
    <message>
      <source>The value {value} is said to be {one} and {other}.</source>
      <translation>Se dice del valor {value} que es {one} y {other}.</translation>
    </message>
    <message>
      <source>The values of 1 mask are objects: those of one class were counted together: {names}.</source>
      <translation>Los valores de 1 máscara son objetos: los de una misma clase se contaron juntos: {names}.</translation>
    </message>
    <message>
      <source>The values of the lecture's Keras example. Its shear of 0.2 is in degrees, too little to be seen.</source>
      <translation>Los valores del ejemplo de Keras de la lección. Su corte transversal de 0,2 está en grados: muy poco para verse.</translation>
    </message>
    <message>
      <source>The values of the masks are what {file} says: {values}.</source>
      <translation>Los valores de las máscaras son los que dice {file}: {values}.</translation>
    </message>
    <message>
      <source>The values of {count} masks are objects: those of one class were counted together: {names}.</source>
      <translation>Los valores de {count} máscaras son objetos: los de una misma clase se contaron juntos: {names}.</translation>
    </message>
    <message>
      <source>The values of {key} are missing or stand twice.</source>
      <translation>Los valores de {key} faltan o están repetidos.</translation>
    </message>
    <message>
      <source>The vanishing gradient</source>
      <translation>El gradiente que se desvanece</translation>
    </message>
    <message>
      <source>The vanishing gradient: trains deep networks in turn and shows what of it reaches each layer</source>
      <translation>El gradiente que se desvanece: entrena redes profundas por turno y muestra qué parte llega a cada capa</translation>
    </message>
    <message>
      <source>The weights in {name} do not fit the network it names ({arch}).</source>
      <translation>Los pesos de {name} no encajan en la red que nombra ({arch}).</translation>
    </message>
    <message>
      <source>The weights it started from, for how many epochs they were frozen, the encoder's share of the rate, and the network's own settings that were changed</source>
      <translation>Los pesos de los que partió, durante cuántas épocas se congelaron, la parte de la tasa que corresponde al codificador y los ajustes propios de la red que se cambiaron</translation>
    </message>
    <message>
      <source>The window on the screen</source>
      <translation>La ventana de la pantalla</translation>
    </message>
    <message>
      <source>The winner is the best of {count} on the validation set: there its score is flattered, the more so the more were tried.</source>
      <translation>El ganador es el mejor de {count} en el conjunto de validación: allí su puntuación sale favorecida, tanto más cuantos más se probaron.</translation>
    </message>
    <message>
      <source>The winner: {run}</source>
      <translation>El ganador: {run}</translation>
    </message>
    <message>
      <source>The yardstick that a convolutional network must beat.</source>
      <translation>La vara de medir que una red convolucional debe superar.</translation>
    </message>
    <message>
      <source>Their masks and predictions go with them and cannot be brought back. The image files stay where they are.</source>
      <translation>Sus máscaras y predicciones se van con ellos y no se pueden recuperar. Los archivos de imagen se quedan donde están.</translation>
    </message>
    <message>
      <source>There are more than 65,535 objects.</source>
      <translation>Hay más de 65.535 objetos.</translation>
    </message>
    <message>
      <source>There are more than 65,535 separate objects.</source>
      <translation>Hay más de 65.535 objetos separados.</translation>
    </message>
    <message>
      <source>There are no ImageNet weights for the network {name}.</source>
      <translation>No hay pesos de ImageNet para la red {name}.</translation>
    </message>
    <message>
      <source>There are no ImageNet weights for this network.</source>
      <translation>No hay pesos de ImageNet para esta red.</translation>
    </message>
    <message>
      <source>There are no images yet. Add some to see samples of them.</source>
      <translation>Aún no hay imágenes. Añada algunas para ver muestras de ellas.</translation>
    </message>
    <message>
      <source>There are no items yet. Add images in the Data tab.</source>
      <translation>Aún no hay elementos. Añada imágenes en la pestaña Datos.</translation>
    </message>
    <message>
      <source>There are no masks at {name}.</source>
      <translation>No hay máscaras en {name}.</translation>
    </message>
    <message>
      <source>There are no scores yet.</source>
      <translation>Aún no hay puntuaciones.</translation>
    </message>
    <message>
      <source>There is a project {name} already.</source>
      <translation>Ya hay un proyecto {name}.</translation>
    </message>
    <message>
      <source>There is already a run {name}.</source>
      <translation>Ya hay un entrenamiento {name}.</translation>
    </message>
    <message>
      <source>There is no augmentation recipe {name}: {reason}.</source>
      <translation>No hay ninguna receta de aumentación {name}: {reason}.</translation>
    </message>
    <message>
      <source>There is no class {name}.</source>
      <translation>No hay ninguna clase {name}.</translation>
    </message>
    <message>
      <source>There is no class {number}.</source>
      <translation>No hay ninguna clase {number}.</translation>
    </message>
    <message>
      <source>There is no device called {name}.</source>
      <translation>No hay ningún dispositivo llamado {name}.</translation>
    </message>
    <message>
      <source>There is no encoder called {name}.</source>
      <translation>No hay ningún codificador llamado {name}.</translation>
    </message>
    <message>
      <source>There is no explanation called {name}.</source>
      <translation>No hay ninguna explicación llamada {name}.</translation>
    </message>
    <message>
      <source>There is no file {name}.</source>
      <translation>No hay ningún archivo {name}.</translation>
    </message>
    <message>
      <source>There is no item number {id}.</source>
      <translation>No hay ningún elemento número {id}.</translation>
    </message>
    <message>
      <source>There is no item {name}.</source>
      <translation>No hay ningún elemento {name}.</translation>
    </message>
    <message>
      <source>There is no loss called {name}.</source>
      <translation>No hay ninguna pérdida llamada {name}.</translation>
    </message>
    <message>
      <source>There is no network called {name}.</source>
      <translation>No hay ninguna red llamada {name}.</translation>
    </message>
    <message>
      <source>There is no other class, and no prediction of this item.</source>
      <translation>No hay otra clase ni predicción de este elemento.</translation>
    </message>
    <message>
      <source>There is no other item to look at.</source>
      <translation>No hay otro elemento que ver.</translation>
    </message>
    <message>
      <source>There is no precision called {name}.</source>
      <translation>No hay ninguna precisión llamada {name}.</translation>
    </message>
    <message>
      <source>There is no prediction of this item to begin from.</source>
      <translation>No hay ninguna predicción de este elemento por la que empezar.</translation>
    </message>
    <message>
      <source>There is no prediction of this item yet.</source>
      <translation>Aún no hay predicción de este elemento.</translation>
    </message>
    <message>
      <source>There is no project.</source>
      <translation>No hay ningún proyecto.</translation>
    </message>
    <message>
      <source>There is no row {row}, column {column} in slice {slice} of {name}.</source>
      <translation>No hay fila {row}, columna {column} en el corte {slice} de {name}.</translation>
    </message>
    <message>
      <source>There is no run {name}.</source>
      <translation>No hay ningún entrenamiento {name}.</translation>
    </message>
    <message>
      <source>There is no setting {key}.</source>
      <translation>No hay ningún ajuste {key}.</translation>
    </message>
    <message>
      <source>There is no share for the sets that are not kept.</source>
      <translation>No hay parte para los conjuntos que no se conservan.</translation>
    </message>
    <message>
      <source>There is no study to go on with.</source>
      <translation>No hay ningún estudio que continuar.</translation>
    </message>
    <message>
      <source>There is no study {name}.</source>
      <translation>No hay ningún estudio {name}.</translation>
    </message>
    <message>
      <source>There is no task called {name}.</source>
      <translation>No hay ninguna tarea llamada {name}.</translation>
    </message>
    <message>
      <source>There is no test set.</source>
      <translation>No hay conjunto de prueba.</translation>
    </message>
    <message>
      <source>There is no transform {name}.</source>
      <translation>No existe la transformación {name}.</translation>
    </message>
    <message>
      <source>There is no validation set to compare on. Divide the images in the Data tab.</source>
      <translation>No hay conjunto de validación para comparar. Reparta las imágenes en la pestaña Datos.</translation>
    </message>
    <message>
      <source>There is no weights file {name}.</source>
      <translation>No hay ningún archivo de pesos {name}.</translation>
    </message>
    <message>
      <source>There is nothing at {path}.</source>
      <translation>No hay nada en {path}.</translation>
    </message>
    <message>
      <source>There is nothing that the strokes could grow into.</source>
      <translation>No hay nada hacia donde los trazos puedan crecer.</translation>
    </message>
    <message>
      <source>There is nothing to compare yet.</source>
      <translation>Aún no hay nada que comparar.</translation>
    </message>
    <message>
      <source>There is nothing to export.</source>
      <translation>No hay nada que exportar.</translation>
    </message>
    <message>
      <source>There is nothing to redo.</source>
      <translation>No hay nada que rehacer.</translation>
    </message>
    <message>
      <source>There is nothing to split: it is one part, or the others are smaller.</source>
      <translation>No hay nada que separar: es una sola parte, o las demás son más pequeñas.</translation>
    </message>
    <message>
      <source>There is nothing to undo.</source>
      <translation>No hay nada que deshacer.</translation>
    </message>
    <message>
      <source>There was no checkpoint yet: the training begins anew.</source>
      <translation>Aún no había punto guardado: el entrenamiento empieza de nuevo.</translation>
    </message>
    <message>
      <source>These are one and the same column.</source>
      <translation>Es dos veces la misma columna.</translation>
    </message>
    <message>
      <source>These are scores of the validation set, by which the model was chosen: on other scans expect less.</source>
      <translation>Son puntuaciones del conjunto de validación, con el que se eligió el modelo: en otras imágenes espere menos.</translation>
    </message>
    <message>
      <source>These folders are no classes yet: {names}</source>
      <translation>Estas carpetas aún no son clases: {names}</translation>
    </message>
    <message>
      <source>These runs cannot be trained any further; new ones can start from what they learnt of the other classes. {runs}</source>
      <translation>Estos entrenamientos ya no se podrán continuar; otros nuevos pueden partir de lo que aprendieron de las demás clases. {runs}</translation>
    </message>
    <message>
      <source>These runs go on knowing {name}: images that they call so count as wrong from now on. {runs}</source>
      <translation>Estos entrenamientos siguen conociendo {name}: las imágenes que llamen así contarán como error. {runs}</translation>
    </message>
    <message>
      <source>These runs go on knowing {name}: what they paint of it is background from now on. {runs}</source>
      <translation>Estos entrenamientos siguen conociendo {name}: lo que pinten de esa clase será fondo. {runs}</translation>
    </message>
    <message>
      <source>These values look like Hounsfield units: is it CT?</source>
      <translation>Estos valores parecen unidades Hounsfield: ¿es una TC?</translation>
    </message>
    <message>
      <source>These weights may have to be fetched from the internet. Those of EfficientNet-Lite0 are built in.</source>
      <translation>Estos pesos quizá deban descargarse de internet. Los de EfficientNet-Lite0 vienen incluidos.</translation>
    </message>
    <message>
      <source>These windows are in HU, and the values of this CT are not.</source>
      <translation>Estas ventanas están en HU, y los valores de esta TC no.</translation>
    </message>
    <message>
      <source>They are learnt in patches or reduced, which is said; predicted in tiles, in memory that stays flat; a network that does not fit is refused before it starts.</source>
      <translation>Se aprenden por recortes o reducidas, y se dice; se predicen por teselas, con una memoria que no crece; una red que no cabe se rechaza antes de empezar.</translation>
    </message>
    <message>
      <source>They need no class. Choose another name for what is to be learnt.</source>
      <translation>No necesitan clase. Elija otro nombre para lo que se ha de aprender.</translation>
    </message>
    <message>
      <source>This image has no class</source>
      <translation>Esta imagen no tiene clase</translation>
    </message>
    <message>
      <source>This image is grey: there are no colours to change.</source>
      <translation>Esta imagen es gris: no hay colores que cambiar.</translation>
    </message>
    <message>
      <source>This image is of the digit's class</source>
      <translation>Esta imagen es de la clase del dígito</translation>
    </message>
    <message>
      <source>This is done to one class at a time.</source>
      <translation>Esto se hace con una clase cada vez.</translation>
    </message>
    <message>
      <source>This is how it would be.</source>
      <translation>Así quedaría.</translation>
    </message>
    <message>
      <source>This is the first slice.</source>
      <translation>Este es el primer corte.</translation>
    </message>
    <message>
      <source>This is the first slice: there is nothing to carry the mask to.</source>
      <translation>Este es el primer corte: no hay adónde llevar la máscara.</translation>
    </message>
    <message>
      <source>This is the last slice.</source>
      <translation>Este es el último corte.</translation>
    </message>
    <message>
      <source>This is the last slice: there is nothing to carry the mask to.</source>
      <translation>Este es el último corte: no hay adónde llevar la máscara.</translation>
    </message>
    <message>
      <source>This is the open item: choose another one to look at beside it.</source>
      <translation>Este es el elemento abierto: elija otro para verlo al lado.</translation>
    </message>
    <message>
      <source>This item has no mask yet, so there is nothing to count.</source>
      <translation>Este elemento aún no tiene máscara: no hay nada que contar.</translation>
    </message>
    <message>
      <source>This item has no picture to show. Choose another one.</source>
      <translation>Este elemento no tiene imagen que mostrar. Elija otro.</translation>
    </message>
    <message>
      <source>This item is not one of several of a series.</source>
      <translation>Este elemento no es uno de varios de una serie.</translation>
    </message>
    <message>
      <source>This item: done</source>
      <translation>Este elemento: hecho</translation>
    </message>
    <message>
      <source>This item: flagged</source>
      <translation>Este elemento: marcado</translation>
    </message>
    <message>
      <source>This item: to do</source>
      <translation>Este elemento: pendiente</translation>
    </message>
    <message>
      <source>This layer holds its activation too: what is below 0 was cut.</source>
      <translation>Esta capa incluye su activación: lo que está por debajo de 0 se cortó.</translation>
    </message>
    <message>
      <source>This machine has no Apple graphics processor that the network can use (MPS).</source>
      <translation>Este equipo no tiene un procesador gráfico de Apple que la red pueda usar (MPS).</translation>
    </message>
    <message>
      <source>This machine has no graphics card that the network can use (CUDA).</source>
      <translation>Este equipo no tiene una tarjeta gráfica que la red pueda usar (CUDA).</translation>
    </message>
    <message>
      <source>This network cannot learn from one image at a time.</source>
      <translation>Esta red no puede aprender de una sola imagen a la vez.</translation>
    </message>
    <message>
      <source>This network has no ReLU through which gradients could be guided.</source>
      <translation>Esta red no tiene ninguna ReLU por la que guiar los gradientes.</translation>
    </message>
    <message>
      <source>This network has no batch normalisation.</source>
      <translation>Esta red no tiene normalización por lotes.</translation>
    </message>
    <message>
      <source>This network has no convolution.</source>
      <translation>Esta red no tiene ninguna convolución.</translation>
    </message>
    <message>
      <source>This network has no encoder of its own: all of it learns alike.</source>
      <translation>Esta red no tiene codificador propio: toda ella aprende igual.</translation>
    </message>
    <message>
      <source>This network has no exchangeable encoder.</source>
      <translation>Esta red no tiene un codificador intercambiable.</translation>
    </message>
    <message>
      <source>This network has no filters that could be drawn as images.</source>
      <translation>Esta red no tiene filtros que se puedan dibujar como imágenes.</translation>
    </message>
    <message>
      <source>This network has no maps in which Grad-CAM could look.</source>
      <translation>Esta red no tiene mapas en los que Grad-CAM pueda mirar.</translation>
    </message>
    <message>
      <source>This network has no residual blocks: nothing skips past its filters to be added behind them.</source>
      <translation>Esta red no tiene bloques residuales: nada salta sus filtros para sumarse detrás de ellos.</translation>
    </message>
    <message>
      <source>This network makes no maps: every unit sees the whole image.</source>
      <translation>Esta red no hace mapas: cada neurona ve la imagen entera.</translation>
    </message>
    <message>
      <source>This network takes images of at most {most} px, and this one has {side}.</source>
      <translation>Esta red admite imágenes de {most} px como mucho, y esta tiene {side}.</translation>
    </message>
    <message>
      <source>This picture has one slice only.</source>
      <translation>Esta imagen tiene un solo corte.</translation>
    </message>
    <message>
      <source>This point is not on the image.</source>
      <translation>Este punto no está en la imagen.</translation>
    </message>
    <message>
      <source>This project gives classes to whole images. The Classify tab shows how good its networks are.</source>
      <translation>Este proyecto da clases a imágenes enteras. La pestaña Clasificar muestra lo buenas que son sus redes.</translation>
    </message>
    <message>
      <source>This project gives classes to whole images. Their networks are trained in the Classify tab.</source>
      <translation>Este proyecto da clases a imágenes enteras. Sus redes se entrenan en la pestaña Clasificar.</translation>
    </message>
    <message>
      <source>This project gives classes to whole images: nothing is painted.</source>
      <translation>Este proyecto da clases a imágenes enteras: no se pinta nada.</translation>
    </message>
    <message>
      <source>This project gives classes to whole images: there are no masks to count.</source>
      <translation>Este proyecto da clases a imágenes enteras: no hay máscaras que contar.</translation>
    </message>
    <message>
      <source>This project has no classes of whole images, as {file} gives them.</source>
      <translation>Este proyecto no tiene clases de imágenes enteras, como las da {file}.</translation>
    </message>
    <message>
      <source>This project has no images yet.</source>
      <translation>Este proyecto aún no tiene imágenes.</translation>
    </message>
    <message>
      <source>This project paints masks.</source>
      <translation>Este proyecto pinta máscaras.</translation>
    </message>
    <message>
      <source>This project paints masks: its images have no class.</source>
      <translation>Este proyecto pinta máscaras: sus imágenes no tienen clase.</translation>
    </message>
    <message>
      <source>This project tells whole images apart and has no masks.</source>
      <translation>Este proyecto clasifica imágenes enteras y no tiene máscaras.</translation>
    </message>
    <message>
      <source>This run has no network yet.</source>
      <translation>Este entrenamiento aún no tiene red.</translation>
    </message>
    <message>
      <source>This slice</source>
      <translation>Este corte</translation>
    </message>
    <message>
      <source>This slice holds it already.</source>
      <translation>Este corte ya lo contiene.</translation>
    </message>
    <message>
      <source>This slice holds no class.</source>
      <translation>Este corte no contiene ninguna clase.</translation>
    </message>
    <message>
      <source>This slice is labelled as empty already.</source>
      <translation>Este corte ya está etiquetado como vacío.</translation>
    </message>
    <message>
      <source>This system's menu is not written by Contorno.</source>
      <translation>Contorno no escribe en el menú de este sistema.</translation>
    </message>
    <message>
      <source>Threads</source>
      <translation>Hilos</translation>
    </message>
    <message>
      <source>Threshold</source>
      <translation>Umbral</translation>
    </message>
    <message>
      <source>Threshold {value}</source>
      <translation>Umbral {value}</translation>
    </message>
    <message>
      <source>Tick the networks to compare.</source>
      <translation>Marque las redes que comparar.</translation>
    </message>
    <message>
      <source>Tile {number} of {count}, from row {row}, column {column}</source>
      <translation>Tesela {number} de {count}, desde la fila {row}, columna {column}</translation>
    </message>
    <message>
      <source>Time</source>
      <translation>Tiempo</translation>
    </message>
    <message>
      <source>Time and computer</source>
      <translation>Tiempo y equipo</translation>
    </message>
    <message>
      <source>Time budget</source>
      <translation>Tiempo</translation>
    </message>
    <message>
      <source>Time for all</source>
      <translation>Tiempo para todos</translation>
    </message>
    <message>
      <source>Time for each</source>
      <translation>Tiempo por red</translation>
    </message>
    <message>
      <source>Time for each network</source>
      <translation>Tiempo para cada red</translation>
    </message>
    <message>
      <source>To</source>
      <translation>Hasta</translation>
    </message>
    <message>
      <source>To do</source>
      <translation>Pendientes</translation>
    </message>
    <message>
      <source>To see the vanishing gradient, and what skips are good for.</source>
      <translation>Para ver el desvanecimiento del gradiente y para qué sirven los saltos.</translation>
    </message>
    <message>
      <source>Too small for large or varied images.</source>
      <translation>Demasiado pequeña para imágenes grandes o variadas.</translation>
    </message>
    <message>
      <source>Too small for large or varied images; slower to learn than with ReLU.</source>
      <translation>Demasiado pequeña para imágenes grandes o variadas; aprende más despacio que con ReLU.</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>Herramientas</translation>
    </message>
    <message>
      <source>Top-5 error</source>
      <translation>Error top-5</translation>
    </message>
    <message>
      <source>Top-5 error on ImageNet, of one network or of several together: the comparison says which</source>
      <translation>Error top-5 en ImageNet, de una red o de varias juntas: la comparación dice cuál</translation>
    </message>
    <message>
      <source>Train</source>
      <translation>Entrenar</translation>
    </message>
    <message>
      <source>Train a network first.</source>
      <translation>Entrene primero una red.</translation>
    </message>
    <message>
      <source>Train a network, and its prediction is compared with your mask here.</source>
      <translation>Entrene una red, y su predicción se compara aquí con su máscara.</translation>
    </message>
    <message>
      <source>Train it afterwards</source>
      <translation>Entrenar después</translation>
    </message>
    <message>
      <source>Train it with patches of {most} px, or choose another encoder.</source>
      <translation>Entrénela con parches de {most} px, o elija otro codificador.</translation>
    </message>
    <message>
      <source>Train or resume the run again.</source>
      <translation>Entrene de nuevo o reanude el entrenamiento.</translation>
    </message>
    <message>
      <source>Train this network once more, ticked or not.</source>
      <translation>Entrenar esta red una vez más, marcada o no.</translation>
    </message>
    <message>
      <source>Train {network} alone</source>
      <translation>Entrenar solo {network}</translation>
    </message>
    <message>
      <source>Train, or stop the training</source>
      <translation>Entrenar, o detener el entrenamiento</translation>
    </message>
    <message>
      <source>Trained on {day}, reported by Contorno {version}</source>
      <translation>Entrenado el {day}, informe de Contorno {version}</translation>
    </message>
    <message>
      <source>Training</source>
      <translation>Entrenamiento</translation>
    </message>
    <message>
      <source>Training and validation are drawn from the rest, by their shares</source>
      <translation>Entrenamiento y validación se sortean del resto, según sus partes</translation>
    </message>
    <message>
      <source>Training cases are among them: only the test set tells how it does on new ones.</source>
      <translation>Hay casos de entrenamiento entre ellos: solo el conjunto de prueba dice cómo le va con otros nuevos.</translation>
    </message>
    <message>
      <source>Training here</source>
      <translation>Entrenamiento aquí</translation>
    </message>
    <message>
      <source>Training set</source>
      <translation>Entrenamiento</translation>
    </message>
    <message>
      <source>Training set, mean Dice</source>
      <translation>Entrenamiento, Dice medio</translation>
    </message>
    <message>
      <source>Training set: {count} items</source>
      <translation>Conjunto de entrenamiento: {count} elementos</translation>
    </message>
    <message>
      <source>Training takes long</source>
      <translation>El entrenamiento tarda</translation>
    </message>
    <message>
      <source>Training under way</source>
      <translation>Entrenamiento en curso</translation>
    </message>
    <message>
      <source>Training {run}</source>
      <translation>Entrenando {run}</translation>
    </message>
    <message>
      <source>Training: the network learns from it. Validation: chooses the best network. Test: judges it.</source>
      <translation>Entrenamiento: la red aprende de él. Validación: elige la mejor red. Prueba: la juzga.</translation>
    </message>
    <message>
      <source>Trains four deep networks in turn on this project's images, from the same batches, and shows how much of the gradient reaches each layer.</source>
      <translation>Entrena por turno cuatro redes profundas con las imágenes de este proyecto, con los mismos lotes, y muestra cuánto del gradiente llega a cada capa.</translation>
    </message>
    <message>
      <source>Transfer learning</source>
      <translation>Aprendizaje por transferencia</translation>
    </message>
    <message>
      <source>Transformer with a decoder</source>
      <translation>Transformer con un decodificador</translation>
    </message>
    <message>
      <source>Transparent places of the mask were taken as background.</source>
      <translation>Las zonas transparentes de la máscara se tomaron como fondo.</translation>
    </message>
    <message>
      <source>Trial</source>
      <translation>Ensayo</translation>
    </message>
    <message>
      <source>Trial {number} ({network}) failed: {reason}</source>
      <translation>El ensayo {number} ({network}) falló: {reason}</translation>
    </message>
    <message>
      <source>Trial: {count} epochs</source>
      <translation>Ensayo: {count} épocas</translation>
    </message>
    <message>
      <source>Trials</source>
      <translation>Ensayos</translation>
    </message>
    <message>
      <source>Trials that were stopped early might have caught up: their scores are of shorter trainings.</source>
      <translation>Los ensayos detenidos antes de tiempo podrían haber recuperado: sus puntuaciones son de entrenamientos más cortos.</translation>
    </message>
    <message>
      <source>Truly {truth}, and called so: {count}</source>
      <translation>En realidad {truth}, y así dicho: {count}</translation>
    </message>
    <message>
      <source>Truly {truth}, called {said}: {count}</source>
      <translation>En realidad {truth}, dicho {said}: {count}</translation>
    </message>
    <message>
      <source>Truth</source>
      <translation>Real</translation>
    </message>
    <message>
      <source>Truth (B)</source>
      <translation>Real (B)</translation>
    </message>
    <message>
      <source>Truth, prediction, and what they share</source>
      <translation>Real, predicho y lo que comparten</translation>
    </message>
    <message>
      <source>Try it</source>
      <translation>Probar</translation>
    </message>
    <message>
      <source>Tune</source>
      <translation>Afinar</translation>
    </message>
    <message>
      <source>Tune settings</source>
      <translation>Afinar ajustes</translation>
    </message>
    <message>
      <source>Tune settings…</source>
      <translation>Afinar ajustes…</translation>
    </message>
    <message>
      <source>Turned about the centre, plus is counter-clockwise.</source>
      <translation>Girada sobre el centro; más es en sentido antihorario.</translation>
    </message>
    <message>
      <source>Tversky loss: missed pixels cost more than false ones.</source>
      <translation>Pérdida de Tversky: los píxeles omitidos cuestan más que los falsos.</translation>
    </message>
    <message>
      <source>Twins in two sets: {names}</source>
      <translation>Gemelas en dos conjuntos: {names}</translation>
    </message>
    <message>
      <source>Two classes</source>
      <translation>Dos clases</translation>
    </message>
    <message>
      <source>Two objects at least are needed to merge them.</source>
      <translation>Para unir objetos hacen falta al menos dos.</translation>
    </message>
    <message>
      <source>Type</source>
      <translation>Tipo</translation>
    </message>
    <message>
      <source>Type another range, for example {range}</source>
      <translation>Escriba otro rango, por ejemplo {range}</translation>
    </message>
    <message>
      <source>Type width and level…</source>
      <translation>Escribir ancho y centro…</translation>
    </message>
    <message>
      <source>U-Net (published)</source>
      <translation>U-Net (publicada)</translation>
    </message>
    <message>
      <source>U-Net with an encoder</source>
      <translation>U-Net con codificador</translation>
    </message>
    <message>
      <source>U-Net: what it is good at, what it costs, and what is done about it here</source>
      <translation>U-Net: en qué es buena, qué cuesta y qué se hace aquí al respecto</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>Deshacer</translation>
    </message>
    <message>
      <source>Units</source>
      <translation>Unidades</translation>
    </message>
    <message>
      <source>Units of each layer between image and output, with commas: 512,256 are two layers.</source>
      <translation>Unidades de cada capa entre imagen y salida, con comas: 512,256 son dos capas.</translation>
    </message>
    <message>
      <source>Unlabelled</source>
      <translation>Sin etiquetar</translation>
    </message>
    <message>
      <source>Unlabelled: never learnt, never scored</source>
      <translation>Sin etiquetar: ni se aprende ni se puntúa</translation>
    </message>
    <message>
      <source>Unlike in textbooks, the plain network learnt better here: it ended at a loss of {plain:.2f}, its residual twin at {residual:.2f}. So few steps may be too few.</source>
      <translation>A diferencia de los libros, aquí aprendió mejor la red simple: acabó con una pérdida de {plain:.2f}, su gemela residual con {residual:.2f}. Tan pocos pasos pueden ser pocos.</translation>
    </message>
    <message>
      <source>Unlock</source>
      <translation>Desbloquear</translation>
    </message>
    <message>
      <source>Unlock the class first.</source>
      <translation>Desbloquee antes la clase.</translation>
    </message>
    <message>
      <source>Unsure</source>
      <translation>Dudoso</translation>
    </message>
    <message>
      <source>Upside down. For pictures without an up, as in microscopy.</source>
      <translation>Cabeza abajo. Para imágenes sin arriba, como en microscopía.</translation>
    </message>
    <message>
      <source>Use</source>
      <translation>Aplicar</translation>
    </message>
    <message>
      <source>Use Find moved images and show the folder where it lies now, or import that folder again.</source>
      <translation>Use Buscar imágenes movidas e indique la carpeta donde está ahora, o vuelva a importar esa carpeta.</translation>
    </message>
    <message>
      <source>Use a copy, or train again.</source>
      <translation>Use una copia, o entrene de nuevo.</translation>
    </message>
    <message>
      <source>Use as mask</source>
      <translation>Usar como máscara</translation>
    </message>
    <message>
      <source>Use cases</source>
      <translation>Casos de uso</translation>
    </message>
    <message>
      <source>Use for predictions</source>
      <translation>Usar para predicciones</translation>
    </message>
    <message>
      <source>Use for the next run</source>
      <translation>Usar en el próximo</translation>
    </message>
    <message>
      <source>Use it with that version.</source>
      <translation>Úselo con esa versión.</translation>
    </message>
    <message>
      <source>Use the images that the file was made for.</source>
      <translation>Use las imágenes para las que se hizo el archivo.</translation>
    </message>
    <message>
      <source>Use the masks in {name}</source>
      <translation>Usar las máscaras de {name}</translation>
    </message>
    <message>
      <source>Use the prediction as mask</source>
      <translation>Usar la predicción como máscara</translation>
    </message>
    <message>
      <source>Use the prediction of this class</source>
      <translation>Usar la predicción de esta clase</translation>
    </message>
    <message>
      <source>Use the table {name}</source>
      <translation>Usar la tabla {name}</translation>
    </message>
    <message>
      <source>Use these</source>
      <translation>Usar estas</translation>
    </message>
    <message>
      <source>Use these keys</source>
      <translation>Usar estas teclas</translation>
    </message>
    <message>
      <source>Use this augmentation for the next run</source>
      <translation>Usar este aumento en el próximo entrenamiento</translation>
    </message>
    <message>
      <source>Use this run</source>
      <translation>Usar este</translation>
    </message>
    <message>
      <source>Use train, val or test.</source>
      <translation>Use train, val o test.</translation>
    </message>
    <message>
      <source>Use {run}</source>
      <translation>Usar {run}</translation>
    </message>
    <message>
      <source>Usual ranges</source>
      <translation>Intervalos habituales</translation>
    </message>
    <message>
      <source>VGG-16 with batch normalisation after each of its 13 convolutions: it learns from scratch, where the published one began with the weights of a shallower one.</source>
      <translation>VGG-16 con normalización por lotes tras cada una de sus 13 convoluciones: aprende desde cero, mientras que la publicada partió de los pesos de una menos profunda.</translation>
    </message>
    <message>
      <source>VGG-16's convolutions read the image; the decoder mirrors them and puts each value back to where its pooling took it from, so that little has to be remembered.</source>
      <translation>Las convoluciones de VGG-16 leen la imagen; el decodificador las refleja y devuelve cada valor al lugar de donde lo tomó el agrupamiento, así que hay poco que recordar.</translation>
    </message>
    <message>
      <source>VGG-19 with batch normalisation after each of its 16 convolutions: it learns from scratch, where the published one began with the weights of a shallower one.</source>
      <translation>VGG-19 con normalización por lotes tras cada una de sus 16 convoluciones: aprende desde cero, mientras que la publicada partió de los pesos de una menos profunda.</translation>
    </message>
    <message>
      <source>Validated on</source>
      <translation>Validado con</translation>
    </message>
    <message>
      <source>Validation</source>
      <translation>Validación</translation>
    </message>
    <message>
      <source>Validation Dice</source>
      <translation>Dice de validación</translation>
    </message>
    <message>
      <source>Validation accuracy</source>
      <translation>Exactitud de validación</translation>
    </message>
    <message>
      <source>Validation and test images are never changed</source>
      <translation>Las imágenes de validación y prueba nunca se cambian</translation>
    </message>
    <message>
      <source>Validation as they trained, the best {count}</source>
      <translation>Validación durante el entrenamiento, los {count} mejores</translation>
    </message>
    <message>
      <source>Validation case</source>
      <translation>Caso de validación</translation>
    </message>
    <message>
      <source>Validation cases</source>
      <translation>Casos de validación</translation>
    </message>
    <message>
      <source>Validation scores</source>
      <translation>Puntuaciones de validación</translation>
    </message>
    <message>
      <source>Validation set</source>
      <translation>Validación</translation>
    </message>
    <message>
      <source>Validation set, mean Dice</source>
      <translation>Validación, Dice medio</translation>
    </message>
    <message>
      <source>Validation set: {count} items</source>
      <translation>Conjunto de validación: {count} elementos</translation>
    </message>
    <message>
      <source>Validation, on which the best network was chosen.</source>
      <translation>Validación, con la que se eligió la mejor red.</translation>
    </message>
    <message>
      <source>Value {value}</source>
      <translation>Valor {value}</translation>
    </message>
    <message>
      <source>Values beyond 16 million were rounded to the 7 digits that are kept.</source>
      <translation>Los valores de más de 16 millones se redondearon a las 7 cifras que se conservan.</translation>
    </message>
    <message>
      <source>Values in a rectangle</source>
      <translation>Valores en un rectángulo</translation>
    </message>
    <message>
      <source>Values in an ellipse</source>
      <translation>Valores en una elipse</translation>
    </message>
    <message>
      <source>Values of regions</source>
      <translation>Valores de las regiones</translation>
    </message>
    <message>
      <source>Values of setting {number}</source>
      <translation>Valores del ajuste {number}</translation>
    </message>
    <message>
      <source>Very deep convolutional network</source>
      <translation>Red convolucional muy profunda</translation>
    </message>
    <message>
      <source>Very deep convolutional network with residual connections</source>
      <translation>Red convolucional muy profunda con conexiones residuales</translation>
    </message>
    <message>
      <source>Very deep convolutional network without skips</source>
      <translation>Red convolucional muy profunda sin saltos</translation>
    </message>
    <message>
      <source>View</source>
      <translation>Ver</translation>
    </message>
    <message>
      <source>Views</source>
      <translation>Vistas</translation>
    </message>
    <message>
      <source>Vision transformer, for DPT.</source>
      <translation>Transformer de visión, para DPT.</translation>
    </message>
    <message>
      <source>Vol. %</source>
      <translation>Vol. %</translation>
    </message>
    <message>
      <source>Volume</source>
      <translation>Volumen</translation>
    </message>
    <message>
      <source>Volume {number} of {count} of one series: {label}.</source>
      <translation>Volumen {number} de {count} de una serie: {label}.</translation>
    </message>
    <message>
      <source>Voxel, mm</source>
      <translation>Vóxel, mm</translation>
    </message>
    <message>
      <source>W {width} · L {level}</source>
      <translation>WW {width} · WL {level}</translation>
    </message>
    <message>
      <source>Wait for its end, or stop it.</source>
      <translation>Espere a que termine o deténgalo.</translation>
    </message>
    <message>
      <source>Wait for the outline, then carry it.</source>
      <translation>Espere al contorno y llévelo después.</translation>
    </message>
    <message>
      <source>Wait for the outline: what is not seen yet is not taken.</source>
      <translation>Espere al contorno: lo que aún no se ve no se toma.</translation>
    </message>
    <message>
      <source>Wait until everything has been looked at.</source>
      <translation>Espere hasta que todo se haya mirado.</translation>
    </message>
    <message>
      <source>Waiting</source>
      <translation>En espera</translation>
    </message>
    <message>
      <source>Waiting for data</source>
      <translation>Espera de datos</translation>
    </message>
    <message>
      <source>Waiting runs: {count}</source>
      <translation>Entrenamientos en espera: {count}</translation>
    </message>
    <message>
      <source>Wall</source>
      <translation>Pared</translation>
    </message>
    <message>
      <source>Watershed</source>
      <translation>Cuencas</translation>
    </message>
    <message>
      <source>Web page ({pattern})</source>
      <translation>Página web ({pattern})</translation>
    </message>
    <message>
      <source>Weight decay</source>
      <translation>Decaimiento de pesos</translation>
    </message>
    <message>
      <source>Weighted by the size of the classes: {value}</source>
      <translation>Ponderado por el tamaño de las clases: {value}</translation>
    </message>
    <message>
      <source>Weighted by |B|: ({parts}) / {whole} = {value}</source>
      <translation>Ponderada por |B|: ({parts}) / {whole} = {value}</translation>
    </message>
    <message>
      <source>Weighted mean</source>
      <translation>Media ponderada</translation>
    </message>
    <message>
      <source>Weights</source>
      <translation>Pesos</translation>
    </message>
    <message>
      <source>Weights learnt on photographs</source>
      <translation>Pesos aprendidos con fotografías</translation>
    </message>
    <message>
      <source>Weights, as it is built for these images and {n} classes</source>
      <translation>Pesos, tal como se construye para estas imágenes y {n} clases</translation>
    </message>
    <message>
      <source>What</source>
      <translation>Qué</translation>
    </message>
    <message>
      <source>What FCN became: the simplest good network on a deep encoder.</source>
      <translation>En lo que se convirtió FCN: la red buena más sencilla sobre un codificador profundo.</translation>
    </message>
    <message>
      <source>What a stroke may change. Locked classes stay as they are in any case.</source>
      <translation>Lo que un trazo puede cambiar. Las clases bloqueadas siempre se quedan como están.</translation>
    </message>
    <message>
      <source>What became of the objects</source>
      <translation>Qué fue de los objetos</translation>
    </message>
    <message>
      <source>What comes out</source>
      <translation>Qué sale</translation>
    </message>
    <message>
      <source>What does the category {name} show?</source>
      <translation>¿Qué muestra la categoría {name}?</translation>
    </message>
    <message>
      <source>What does the mask value {value} show?</source>
      <translation>¿Qué muestra el valor {value} de la máscara?</translation>
    </message>
    <message>
      <source>What each pixel adds, compared with an average image: slower, less noisy.</source>
      <translation>Lo que añade cada píxel frente a una imagen media: más lento, menos ruidoso.</translation>
    </message>
    <message>
      <source>What ends the training</source>
      <translation>Lo que termina el entrenamiento</translation>
    </message>
    <message>
      <source>What follows each hidden layer.</source>
      <translation>Lo que sigue a cada capa oculta.</translation>
    </message>
    <message>
      <source>What follows each layer but the last; sigmoid flattens out on both sides, so that it learns slowly.</source>
      <translation>Lo que sigue a cada capa salvo la última; sigmoid se aplana por ambos lados, así que aprende despacio.</translation>
    </message>
    <message>
      <source>What is asked of the images</source>
      <translation>Qué se pide de las imágenes</translation>
    </message>
    <message>
      <source>What is in this image?</source>
      <translation>¿Qué hay en esta imagen?</translation>
    </message>
    <message>
      <source>What is learnt from</source>
      <translation>De qué se aprende</translation>
    </message>
    <message>
      <source>What is looked for</source>
      <translation>Qué se busca</translation>
    </message>
    <message>
      <source>What is new</source>
      <translation>Novedad</translation>
    </message>
    <message>
      <source>What is proposed over the scan: take it, drop it</source>
      <translation>Lo que se propone sobre la imagen: aceptarlo, descartarlo</translation>
    </message>
    <message>
      <source>What is shown</source>
      <translation>Qué se muestra</translation>
    </message>
    <message>
      <source>What is varied, in each network that has it</source>
      <translation>Qué se varía, en cada red que lo tiene</translation>
    </message>
    <message>
      <source>What lies between may not be painted over, or is locked.</source>
      <translation>Lo que queda entre ellos está bloqueado o no se puede pintar encima.</translation>
    </message>
    <message>
      <source>What mattered</source>
      <translation>Qué influyó</translation>
    </message>
    <message>
      <source>What the mask values mean</source>
      <translation>Qué significan los valores</translation>
    </message>
    <message>
      <source>What the network says</source>
      <translation>Lo que dice la red</translation>
    </message>
    <message>
      <source>What the paper's own experiments were made on.</source>
      <translation>Con qué se hicieron los experimentos del artículo.</translation>
    </message>
    <message>
      <source>What the prediction has right, too much and missed</source>
      <translation>Lo que la predicción tiene correcto, de más y omitido</translation>
    </message>
    <message>
      <source>What the strokes grow into may not be painted over, or is locked.</source>
      <translation>Aquello hacia donde crecen los trazos está bloqueado o no se puede pintar encima.</translation>
    </message>
    <message>
      <source>What the training makes small.</source>
      <translation>Lo que el entrenamiento hace pequeño.</translation>
    </message>
    <message>
      <source>What to be careful about</source>
      <translation>Con qué hay que tener cuidado</translation>
    </message>
    <message>
      <source>What to do</source>
      <translation>Qué hacer</translation>
    </message>
    <message>
      <source>What to look at</source>
      <translation>Qué mirar</translation>
    </message>
    <message>
      <source>What was noticed</source>
      <translation>Lo que se ha observado</translation>
    </message>
    <message>
      <source>What would be carried may not be painted over, or is locked.</source>
      <translation>Lo que se llevaría está bloqueado o no se puede pintar encima.</translation>
    </message>
    <message>
      <source>What would change is locked, or may not be painted over.</source>
      <translation>Lo que cambiaría está bloqueado o no se puede pintar encima.</translation>
    </message>
    <message>
      <source>What {name} encloses counts as in it</source>
      <translation>Lo que {name} encierra cuenta como dentro</translation>
    </message>
    <message>
      <source>Wheel</source>
      <translation>Rueda</translation>
    </message>
    <message>
      <source>Wheel changes the slice</source>
      <translation>La rueda cambia el corte</translation>
    </message>
    <message>
      <source>Wheel zooms</source>
      <translation>La rueda acerca</translation>
    </message>
    <message>
      <source>When the training ends, its prediction is compared with your mask here.</source>
      <translation>Cuando termine el entrenamiento, su predicción se compara aquí con su máscara.</translation>
    </message>
    <message>
      <source>Where</source>
      <translation>Dónde</translation>
    </message>
    <message>
      <source>Where do the images lie now?</source>
      <translation>¿Dónde están ahora las imágenes?</translation>
    </message>
    <message>
      <source>Where each file is the mask of one class, it holds 0 and one value more.</source>
      <translation>Cuando cada archivo es la máscara de una clase, contiene 0 y un valor más.</translation>
    </message>
    <message>
      <source>Where is it, and which shape has it?</source>
      <translation>¿Dónde está y qué forma tiene?</translation>
    </message>
    <message>
      <source>Where it looked</source>
      <translation>Dónde miró</translation>
    </message>
    <message>
      <source>Where shall the files lie?</source>
      <translation>¿Dónde se guardarán los archivos?</translation>
    </message>
    <message>
      <source>Where shall the project lie?</source>
      <translation>¿Dónde se guardará el proyecto?</translation>
    </message>
    <message>
      <source>Where there is nothing to improve, F = 0 is enough and x passes unchanged: a deeper network need not be worse.</source>
      <translation>Donde no hay nada que mejorar, basta F = 0 y x pasa sin cambios: una red más profunda no tiene por qué ser peor.</translation>
    </message>
    <message>
      <source>Where you and the model differ</source>
      <translation>Donde usted y el modelo difieren</translation>
    </message>
    <message>
      <source>Which class</source>
      <translation>Qué clase</translation>
    </message>
    <message>
      <source>Which images</source>
      <translation>Qué imágenes</translation>
    </message>
    <message>
      <source>Which items</source>
      <translation>Qué elementos</translation>
    </message>
    <message>
      <source>Which values</source>
      <translation>Qué valores</translation>
    </message>
    <message>
      <source>While the left one is down: take back the stroke, the contour or the shape</source>
      <translation>Con el izquierdo pulsado: deshacer el trazo, el contorno o la forma</translation>
    </message>
    <message>
      <source>Whole images</source>
      <translation>Imágenes enteras</translation>
    </message>
    <message>
      <source>Why it said so</source>
      <translation>Por qué lo dijo</translation>
    </message>
    <message>
      <source>Why it works: the derivative of F(x) + x is F′(x) + 1, so the gradient gets back to x even where F′ is near 0.</source>
      <translation>Por qué funciona: la derivada de F(x) + x es F′(x) + 1, así que el gradiente vuelve hasta x aunque F′ sea casi 0.</translation>
    </message>
    <message>
      <source>Why {side}</source>
      <translation>Por qué {side}</translation>
    </message>
    <message>
      <source>Why: 1 case</source>
      <translation>Por qué: 1 caso</translation>
    </message>
    <message>
      <source>Why: {count} cases</source>
      <translation>Por qué: {count} casos</translation>
    </message>
    <message>
      <source>Why? May stay empty</source>
      <translation>¿Por qué? Puede quedar vacío</translation>
    </message>
    <message>
      <source>Width</source>
      <translation>Anchura</translation>
    </message>
    <message>
      <source>Window</source>
      <translation>Ventana</translation>
    </message>
    <message>
      <source>Window and level</source>
      <translation>Ventana y nivel</translation>
    </message>
    <message>
      <source>Window by the image's values</source>
      <translation>Ventana según los valores de la imagen</translation>
    </message>
    <message>
      <source>Window level</source>
      <translation>Centro de ventana</translation>
    </message>
    <message>
      <source>Window of the second item</source>
      <translation>Ventana del segundo elemento</translation>
    </message>
    <message>
      <source>Window width</source>
      <translation>Ancho de ventana</translation>
    </message>
    <message>
      <source>Window: bone</source>
      <translation>Ventana: hueso</translation>
    </message>
    <message>
      <source>Window: brain</source>
      <translation>Ventana: cerebro</translation>
    </message>
    <message>
      <source>Window: liver</source>
      <translation>Ventana: hígado</translation>
    </message>
    <message>
      <source>Window: lung</source>
      <translation>Ventana: pulmón</translation>
    </message>
    <message>
      <source>Window: mediastinum</source>
      <translation>Ventana: mediastino</translation>
    </message>
    <message>
      <source>Window: soft tissue</source>
      <translation>Ventana: tejido blando</translation>
    </message>
    <message>
      <source>Winner by the validation: {network}, {settings}. {score} {value}.</source>
      <translation>Ganador por la validación: {network}, {settings}. {score} {value}.</translation>
    </message>
    <message>
      <source>Winner minus second, case by case: {difference}, 95 % interval {low} to {high}.</source>
      <translation>Ganador menos segundo, caso por caso: {difference}, intervalo del 95 % de {low} a {high}.</translation>
    </message>
    <message>
      <source>With</source>
      <translation>Con</translation>
    </message>
    <message>
      <source>With Shift through all slices</source>
      <translation>Con Mayús, en todos los cortes</translation>
    </message>
    <message>
      <source>With brush, contour, rectangle or ellipse: erase through all slices</source>
      <translation>Con pincel, contorno, rectángulo o elipse: borrar en todos los cortes</translation>
    </message>
    <message>
      <source>With class</source>
      <translation>Con clase</translation>
    </message>
    <message>
      <source>With mask</source>
      <translation>Con máscara</translation>
    </message>
    <message>
      <source>With rectangle or ellipse: equal sides</source>
      <translation>Con rectángulo o elipse: lados iguales</translation>
    </message>
    <message>
      <source>With rejected items</source>
      <translation>Con elementos rechazados</translation>
    </message>
    <message>
      <source>With shuffled weights a part of the map stays (rank correlation {value:.2f}): read it with care, some of it is the image alone.</source>
      <translation>Con los pesos barajados queda una parte del mapa (correlación de rangos {value:.2f}): léalo con cuidado, algo es solo la imagen.</translation>
    </message>
    <message>
      <source>With shuffled weights the map is another one (rank correlation {value:.2f}): it comes from the weights, not from the image alone.</source>
      <translation>Con los pesos barajados el mapa es otro (correlación de rangos {value:.2f}): viene de los pesos, no solo de la imagen.</translation>
    </message>
    <message>
      <source>With shuffled weights the map stays much the same (rank correlation {value:.2f}): it shows the image more than what was learnt.</source>
      <translation>Con los pesos barajados el mapa queda casi igual (correlación de rangos {value:.2f}): muestra la imagen más que lo aprendido.</translation>
    </message>
    <message>
      <source>With shuffled weights there is no map at all: this one comes from the weights.</source>
      <translation>Con los pesos barajados no hay mapa alguno: este viene de los pesos.</translation>
    </message>
    <message>
      <source>With the eraser, and with the brush by the right button: through all slices</source>
      <translation>Con el borrador, y con el pincel por el botón derecho: en todos los cortes</translation>
    </message>
    <message>
      <source>With the objects on its other slices the mask would have more than 65,535.</source>
      <translation>Con los objetos de sus otros cortes, la máscara tendría más de 65.535.</translation>
    </message>
    <message>
      <source>Without the table</source>
      <translation>Sin la tabla</translation>
    </message>
    <message>
      <source>Without the test set, which was not read.</source>
      <translation>Sin el conjunto de prueba, que no se ha leído.</translation>
    </message>
    <message>
      <source>Worked on for {time}, without pauses</source>
      <translation>Trabajado durante {time}, sin las pausas</translation>
    </message>
    <message>
      <source>Working it out…</source>
      <translation>Calculando…</translation>
    </message>
    <message>
      <source>Worst case</source>
      <translation>El peor caso</translation>
    </message>
    <message>
      <source>Write 0 for what is no object, and numbers from 1 for objects.</source>
      <translation>Escriba 0 para lo que no es un objeto, y números desde 1 para los objetos.</translation>
    </message>
    <message>
      <source>Write a colour as #rrggbb, for example #E69F00.</source>
      <translation>Escriba un color como #rrggbb, por ejemplo #E69F00.</translation>
    </message>
    <message>
      <source>Write for example 0=background,255=lung.</source>
      <translation>Escriba por ejemplo 0=background,255=lung.</translation>
    </message>
    <message>
      <source>Write for example nucleus=cell,dirt=background.</source>
      <translation>Escriba por ejemplo nucleus=cell,dirt=background.</translation>
    </message>
    <message>
      <source>Write it like {example}.</source>
      <translation>Escríbalo como {example}.</translation>
    </message>
    <message>
      <source>Write its name as timm lists it, for example {example}.</source>
      <translation>Escriba su nombre como figura en timm, por ejemplo {example}.</translation>
    </message>
    <message>
      <source>Write one.</source>
      <translation>Escriba uno.</translation>
    </message>
    <message>
      <source>Write the folder before the name of the file in the column item, for example train/001.png.</source>
      <translation>Escriba la carpeta delante del nombre del archivo en la columna item, por ejemplo train/001.png.</translation>
    </message>
    <message>
      <source>Write the name again.</source>
      <translation>Escriba el nombre de nuevo.</translation>
    </message>
    <message>
      <source>Write the network as one file that works without the project</source>
      <translation>Escribir la red como un solo archivo que sirve sin el proyecto</translation>
    </message>
    <message>
      <source>Write the scheme and the number alone, for example SCT 10200004.</source>
      <translation>Escriba solo el sistema y el número, por ejemplo SCT 10200004.</translation>
    </message>
    <message>
      <source>Write three shares, for example 70/15/15.</source>
      <translation>Escriba tres partes, por ejemplo 70/15/15.</translation>
    </message>
    <message>
      <source>Year</source>
      <translation>Año</translation>
    </message>
    <message>
      <source>Year of the paper, or of its first version where that is the better known.</source>
      <translation>Año del artículo, o de su primera versión si es la más conocida.</translation>
    </message>
    <message>
      <source>Yes</source>
      <translation>Sí</translation>
    </message>
    <message>
      <source>Yes, all {count} of them</source>
      <translation>Sí, los {count}</translation>
    </message>
    <message>
      <source>You are looking at {run}.</source>
      <translation>Está viendo {run}.</translation>
    </message>
    <message>
      <source>You can give the classes later, in the table or in the Classify tab.</source>
      <translation>Puede dar las clases más tarde, en la tabla o en la pestaña Clasificar.</translation>
    </message>
    <message>
      <source>You can go on labelling while it trains</source>
      <translation>Puede seguir etiquetando mientras entrena</translation>
    </message>
    <message>
      <source>You can go on working while it trains</source>
      <translation>Puede seguir trabajando mientras entrena</translation>
    </message>
    <message>
      <source>You say the minutes, Auto times what they buy. Painting goes on meanwhile; a run can be held, resumed and fine-tuned.</source>
      <translation>Usted dice los minutos y Auto mide qué se compra con ellos. Mientras tanto se sigue pintando; una ejecución puede pausarse, reanudarse y ajustarse.</translation>
    </message>
    <message>
      <source>Your mask has none of it, so there is no distance and no share.</source>
      <translation>Su máscara no la tiene: no hay distancia ni proporción.</translation>
    </message>
    <message>
      <source>Your mask left, the prediction right of a line that you drag</source>
      <translation>Su máscara a la izquierda y la predicción a la derecha de una línea que usted arrastra</translation>
    </message>
    <message>
      <source>Your masks stay.</source>
      <translation>Sus máscaras se conservan.</translation>
    </message>
    <message>
      <source>Your name as the window shows it. It stays on this computer.</source>
      <translation>Su nombre tal como lo muestra la ventana. Se queda en este ordenador.</translation>
    </message>
    <message>
      <source>Zoom</source>
      <translation>Zoom</translation>
    </message>
    <message>
      <source>Zoom in</source>
      <translation>Acercar</translation>
    </message>
    <message>
      <source>Zoom out</source>
      <translation>Alejar</translation>
    </message>
    <message>
      <source>Zoom where the pointer is</source>
      <translation>Acercar donde está el puntero</translation>
    </message>
    <message>
      <source>about {time}</source>
      <translation>unos {time}</translation>
    </message>
    <message>
      <source>accuracy</source>
      <translation>exactitud</translation>
    </message>
    <message>
      <source>acquisition {number}</source>
      <translation>adquisición {number}</translation>
    </message>
    <message>
      <source>after: mean {mean}, spread {spread}</source>
      <translation>después: media {mean}, desviación {spread}</translation>
    </message>
    <message>
      <source>against {run}, {set}, {number}</source>
      <translation>frente a {run}, {set}, {number}</translation>
    </message>
    <message>
      <source>all</source>
      <translation>todos</translation>
    </message>
    <message>
      <source>all items</source>
      <translation>todos los elementos</translation>
    </message>
    <message>
      <source>all learns alike</source>
      <translation>todo igual</translation>
    </message>
    <message>
      <source>and {count} more like it</source>
      <translation>y {count} más así</translation>
    </message>
    <message>
      <source>another</source>
      <translation>otra</translation>
    </message>
    <message>
      <source>any</source>
      <translation>sin límite</translation>
    </message>
    <message>
      <source>approved</source>
      <translation>aprobado</translation>
    </message>
    <message>
      <source>as {run}</source>
      <translation>como {run}</translation>
    </message>
    <message>
      <source>at the limit</source>
      <translation>al límite</translation>
    </message>
    <message>
      <source>auto, none, imagenet, or the path of a weights file.</source>
      <translation>auto, none, imagenet o la ruta de un archivo de pesos.</translation>
    </message>
    <message>
      <source>average 2x2</source>
      <translation>promedio 2x2</translation>
    </message>
    <message>
      <source>average 2x2 with trained coefficients</source>
      <translation>promedio 2x2 con coeficientes entrenados</translation>
    </message>
    <message>
      <source>average over 1, 2, 3, 6 fields</source>
      <translation>media en 1, 2, 3, 6 campos</translation>
    </message>
    <message>
      <source>average pooling</source>
      <translation>agrupamiento por promedio</translation>
    </message>
    <message>
      <source>background</source>
      <translation>fondo</translation>
    </message>
    <message>
      <source>batch normalisation</source>
      <translation>normalización por lotes</translation>
    </message>
    <message>
      <source>batch {count}</source>
      <translation>lote {count}</translation>
    </message>
    <message>
      <source>before: mean {mean}, spread {spread}</source>
      <translation>antes: media {mean}, desviación {spread}</translation>
    </message>
    <message>
      <source>beneath: lowest class</source>
      <translation>debajo: clase más baja</translation>
    </message>
    <message>
      <source>best</source>
      <translation>mejor</translation>
    </message>
    <message>
      <source>best so far</source>
      <translation>la mejor</translation>
    </message>
    <message>
      <source>best · in use</source>
      <translation>mejor · en uso</translation>
    </message>
    <message>
      <source>black</source>
      <translation>negro</translation>
    </message>
    <message>
      <source>by relative slice: another patient</source>
      <translation>por corte relativo: otro paciente</translation>
    </message>
    <message>
      <source>by relative slice: no place in a patient is known</source>
      <translation>por corte relativo: no se conoce su lugar en un paciente</translation>
    </message>
    <message>
      <source>by relative slice: their places do not meet</source>
      <translation>por corte relativo: sus lugares no coinciden</translation>
    </message>
    <message>
      <source>by {method}: this network has no maps</source>
      <translation>por {method}: esta red no tiene mapas</translation>
    </message>
    <message>
      <source>cell</source>
      <translation>célula</translation>
    </message>
    <message>
      <source>chance</source>
      <translation>prob.</translation>
    </message>
    <message>
      <source>chosen for this data</source>
      <translation>elegido para estos datos</translation>
    </message>
    <message>
      <source>class</source>
      <translation>clase</translation>
    </message>
    <message>
      <source>class unknown</source>
      <translation>clase desconocida</translation>
    </message>
    <message>
      <source>class {number} does not exist</source>
      <translation>la clase {number} no existe</translation>
    </message>
    <message>
      <source>coil {number} of {count}</source>
      <translation>bobina {number} de {count}</translation>
    </message>
    <message>
      <source>comment {number} of {count}</source>
      <translation>comentario {number} de {count}</translation>
    </message>
    <message>
      <source>computed tomography, in HU</source>
      <translation>tomografía computarizada, en HU</translation>
    </message>
    <message>
      <source>contrast {number} of {count}</source>
      <translation>contraste {number} de {count}</translation>
    </message>
    <message>
      <source>convolution</source>
      <translation>convolución</translation>
    </message>
    <message>
      <source>corrections {number} of {count}</source>
      <translation>correcciones {number} de {count}</translation>
    </message>
    <message>
      <source>cut out regions</source>
      <translation>recorte de regiones</translation>
    </message>
    <message>
      <source>dashed arc: the encoder's maps are added to the decoder's</source>
      <translation>arco discontinuo: los mapas del codificador se suman a los del decodificador</translation>
    </message>
    <message>
      <source>depthwise convolution</source>
      <translation>convolución por canal</translation>
    </message>
    <message>
      <source>detector {number}</source>
      <translation>detector {number}</translation>
    </message>
    <message>
      <source>direction {number}</source>
      <translation>dirección {number}</translation>
    </message>
    <message>
      <source>distance between slices</source>
      <translation>la distancia entre cortes</translation>
    </message>
    <message>
      <source>dotted arc: only the places of the maxima are handed over</source>
      <translation>arco punteado: solo se pasan las posiciones de los máximos</translation>
    </message>
    <message>
      <source>echo {number}</source>
      <translation>eco {number}</translation>
    </message>
    <message>
      <source>empty</source>
      <translation>vacía</translation>
    </message>
    <message>
      <source>empty where labelled</source>
      <translation>vacía donde se etiquetó</translation>
    </message>
    <message>
      <source>encoder at {share} × the rate</source>
      <translation>codificador a {share} × la tasa</translation>
    </message>
    <message>
      <source>ended at rung {rung}</source>
      <translation>fin: peldaño {rung}</translation>
    </message>
    <message>
      <source>energy window {number}</source>
      <translation>ventana de energía {number}</translation>
    </message>
    <message>
      <source>enlarged, no filters</source>
      <translation>ampliado, sin filtros</translation>
    </message>
    <message>
      <source>entry {number} of {list} has no {field}</source>
      <translation>la entrada {number} de {list} no tiene {field}</translation>
    </message>
    <message>
      <source>epoch</source>
      <translation>época</translation>
    </message>
    <message>
      <source>epoch {epoch}</source>
      <translation>época {epoch}</translation>
    </message>
    <message>
      <source>epoch {epoch} / {epochs}</source>
      <translation>época {epoch} / {epochs}</translation>
    </message>
    <message>
      <source>epochs</source>
      <translation>épocas</translation>
    </message>
    <message>
      <source>exchange</source>
      <translation>intercambiar</translation>
    </message>
    <message>
      <source>extra</source>
      <translation>de más</translation>
    </message>
    <message>
      <source>failed</source>
      <translation>fallido</translation>
    </message>
    <message>
      <source>false alarms</source>
      <translation>falsas alarmas</translation>
    </message>
    <message>
      <source>fingerprint</source>
      <translation>huella</translation>
    </message>
    <message>
      <source>finished</source>
      <translation>terminado</translation>
    </message>
    <message>
      <source>first {name}</source>
      <translation>primero {name}</translation>
    </message>
    <message>
      <source>flagged</source>
      <translation>marcado</translation>
    </message>
    <message>
      <source>flip {number}</source>
      <translation>ángulo de giro {number}</translation>
    </message>
    <message>
      <source>flow {number} of {count}</source>
      <translation>flujo {number} de {count}</translation>
    </message>
    <message>
      <source>for each</source>
      <translation>para cada una</translation>
    </message>
    <message>
      <source>for example {name}</source>
      <translation>por ejemplo {name}</translation>
    </message>
    <message>
      <source>for the next run</source>
      <translation>para el próximo</translation>
    </message>
    <message>
      <source>found</source>
      <translation>detectado</translation>
    </message>
    <message>
      <source>from</source>
      <translation>desde</translation>
    </message>
    <message>
      <source>fully connected</source>
      <translation>totalmente conectada</translation>
    </message>
    <message>
      <source>global average</source>
      <translation>promedio global</translation>
    </message>
    <message>
      <source>green found, blue missed, yellow extra, pink split, orange merged; areas predicted, outlines of the mask</source>
      <translation>verde detectado, azul omitido, amarillo de más, rosa dividido, naranja fusionado; áreas de la predicción, contornos de la máscara</translation>
    </message>
    <message>
      <source>green right, orange too much, blue missed, pink another class</source>
      <translation>verde correcto, naranja de más, azul omitido, rosa otra clase</translation>
    </message>
    <message>
      <source>grey image</source>
      <translation>imagen gris</translation>
    </message>
    <message>
      <source>grid</source>
      <translation>rejilla</translation>
    </message>
    <message>
      <source>grid: all combinations, or as many as are tried drawn at random; tpe: the next by the scores so far.</source>
      <translation>grid: todas las combinaciones, o tantas como se prueben sacadas al azar; tpe: la siguiente según las puntuaciones hasta ahora.</translation>
    </message>
    <message>
      <source>group normalisation</source>
      <translation>normalización por grupos</translation>
    </message>
    <message>
      <source>hidden</source>
      <translation>oculta</translation>
    </message>
    <message>
      <source>how often right</source>
      <translation>aciertos</translation>
    </message>
    <message>
      <source>how sure</source>
      <translation>seguridad</translation>
    </message>
    <message>
      <source>image size</source>
      <translation>tamaño de la imagen</translation>
    </message>
    <message>
      <source>importance</source>
      <translation>importancia</translation>
    </message>
    <message>
      <source>in entry {number} of {list} something is not what it should be: {field}</source>
      <translation>en la entrada {number} de {list} algo no es lo que debe ser: {field}</translation>
    </message>
    <message>
      <source>in use</source>
      <translation>en uso</translation>
    </message>
    <message>
      <source>index {number}</source>
      <translation>índice {number}</translation>
    </message>
    <message>
      <source>interval {number}</source>
      <translation>intervalo {number}</translation>
    </message>
    <message>
      <source>inverted</source>
      <translation>invertido</translation>
    </message>
    <message>
      <source>it does not reach this slice</source>
      <translation>no llega a este corte</translation>
    </message>
    <message>
      <source>it has no {field}</source>
      <translation>no tiene {field}</translation>
    </message>
    <message>
      <source>it is cut short</source>
      <translation>está cortado</translation>
    </message>
    <message>
      <source>it is no JSON from byte {byte} on</source>
      <translation>no es JSON desde el byte {byte}</translation>
    </message>
    <message>
      <source>it is of another form</source>
      <translation>tiene otra forma</translation>
    </message>
    <message>
      <source>items</source>
      <translation>elementos</translation>
    </message>
    <message>
      <source>its shapes are shares of the image's size, and not in pixels</source>
      <translation>sus formas son fracciones del tamaño de la imagen y no píxeles</translation>
    </message>
    <message>
      <source>keep</source>
      <translation>conservar</translation>
    </message>
    <message>
      <source>labelled slices</source>
      <translation>cortes etiquetados</translation>
    </message>
    <message>
      <source>layer</source>
      <translation>capa</translation>
    </message>
    <message>
      <source>layer normalisation</source>
      <translation>normalización por capas</translation>
    </message>
    <message>
      <source>linear layer</source>
      <translation>capa lineal</translation>
    </message>
    <message>
      <source>little</source>
      <translation>poco</translation>
    </message>
    <message>
      <source>little to much weight in the decision</source>
      <translation>de poco a mucho peso en la decisión</translation>
    </message>
    <message>
      <source>liver</source>
      <translation>hígado</translation>
    </message>
    <message>
      <source>locked</source>
      <translation>bloqueada</translation>
    </message>
    <message>
      <source>looking …</source>
      <translation>mirando…</translation>
    </message>
    <message>
      <source>loss</source>
      <translation>pérdida</translation>
    </message>
    <message>
      <source>lung</source>
      <translation>pulmón</translation>
    </message>
    <message>
      <source>machine</source>
      <translation>equipo</translation>
    </message>
    <message>
      <source>magnetic resonance</source>
      <translation>resonancia magnética</translation>
    </message>
    <message>
      <source>mammography</source>
      <translation>mamografía</translation>
    </message>
    <message>
      <source>mask</source>
      <translation>máscara</translation>
    </message>
    <message>
      <source>max 2x2</source>
      <translation>máximo 2x2</translation>
    </message>
    <message>
      <source>max 2x2, its places remembered</source>
      <translation>máximo 2x2, con sus lugares recordados</translation>
    </message>
    <message>
      <source>max 2x2, stride 2</source>
      <translation>máximo 2x2, paso 2</translation>
    </message>
    <message>
      <source>max 2x2, three deep</source>
      <translation>máximo 2x2, tres niveles</translation>
    </message>
    <message>
      <source>max 3x3, stride 2</source>
      <translation>máximo 3x3, paso 2</translation>
    </message>
    <message>
      <source>max 3x3, stride 2, once</source>
      <translation>máximo 3x3, paso 2, una vez</translation>
    </message>
    <message>
      <source>max 3x3, stride 2, once; global average</source>
      <translation>máximo 3x3, paso 2, una vez; promedio global</translation>
    </message>
    <message>
      <source>max 3x3; 7x7 and 14x14 within boxes</source>
      <translation>máx. 3x3; 7x7 y 14x14 dentro de las cajas</translation>
    </message>
    <message>
      <source>max pooling</source>
      <translation>agrupamiento por máximo</translation>
    </message>
    <message>
      <source>mean</source>
      <translation>media</translation>
    </message>
    <message>
      <source>mean Dice</source>
      <translation>Dice medio</translation>
    </message>
    <message>
      <source>mean over classes</source>
      <translation>media de las clases</translation>
    </message>
    <message>
      <source>mean score of each value</source>
      <translation>puntuación media de cada valor</translation>
    </message>
    <message>
      <source>mean {value}, n = {count}</source>
      <translation>media {value}, n = {count}</translation>
    </message>
    <message>
      <source>measuring…</source>
      <translation>midiendo…</translation>
    </message>
    <message>
      <source>merged</source>
      <translation>fusionado</translation>
    </message>
    <message>
      <source>microscopy</source>
      <translation>microscopía</translation>
    </message>
    <message>
      <source>minutes</source>
      <translation>minutos</translation>
    </message>
    <message>
      <source>mirror image</source>
      <translation>imagen en espejo</translation>
    </message>
    <message>
      <source>missed</source>
      <translation>omitido</translation>
    </message>
    <message>
      <source>missed in {count} of them</source>
      <translation>no detectada en {count} de ellos</translation>
    </message>
    <message>
      <source>much weight</source>
      <translation>mucho peso</translation>
    </message>
    <message>
      <source>multiply-adds with as many regions and objects as there may be</source>
      <translation>multiplicaciones con suma para tantas regiones y objetos como puede haber</translation>
    </message>
    <message>
      <source>network</source>
      <translation>red</translation>
    </message>
    <message>
      <source>never</source>
      <translation>nunca</translation>
    </message>
    <message>
      <source>no</source>
      <translation>no</translation>
    </message>
    <message>
      <source>no class</source>
      <translation>sin clase</translation>
    </message>
    <message>
      <source>no class yet</source>
      <translation>aún sin clase</translation>
    </message>
    <message>
      <source>no mask</source>
      <translation>sin máscara</translation>
    </message>
    <message>
      <source>no mirror</source>
      <translation>sin espejo</translation>
    </message>
    <message>
      <source>no patients known: items</source>
      <translation>sin pacientes: elementos</translation>
    </message>
    <message>
      <source>no skip connections: all goes through the deepest level</source>
      <translation>sin conexiones de salto: todo pasa por el nivel más profundo</translation>
    </message>
    <message>
      <source>no values here</source>
      <translation>aquí no hay valores</translation>
    </message>
    <message>
      <source>none</source>
      <translation>ninguna</translation>
    </message>
    <message>
      <source>none: smart outlines need no file</source>
      <translation>ninguno: no hace falta ningún archivo</translation>
    </message>
    <message>
      <source>normal</source>
      <translation>normal</translation>
    </message>
    <message>
      <source>not finished</source>
      <translation>sin terminar</translation>
    </message>
    <message>
      <source>not installed</source>
      <translation>no instalado</translation>
    </message>
    <message>
      <source>not labelled: nothing is compared here</source>
      <translation>sin etiquetar: aquí no se compara nada</translation>
    </message>
    <message>
      <source>not locked</source>
      <translation>no bloqueada</translation>
    </message>
    <message>
      <source>not read</source>
      <translation>sin leer</translation>
    </message>
    <message>
      <source>not read: {reason}</source>
      <translation>no leído: {reason}</translation>
    </message>
    <message>
      <source>not tried</source>
      <translation>no probado</translation>
    </message>
    <message>
      <source>nothing more</source>
      <translation>nada más</translation>
    </message>
    <message>
      <source>number: weights, bar: memory of the level's maps</source>
      <translation>número: pesos, barra: memoria de los mapas del nivel</translation>
    </message>
    <message>
      <source>number: weights, bar: memory of the maps</source>
      <translation>número: pesos, barra: memoria de los mapas</translation>
    </message>
    <message>
      <source>of 1 item no patient is known: it counts as one of its own</source>
      <translation>de 1 elemento no se conoce el paciente: cuenta como uno propio</translation>
    </message>
    <message>
      <source>of a class that is not there: not added</source>
      <translation>de una clase que no existe: no se añaden</translation>
    </message>
    <message>
      <source>of the next run</source>
      <translation>del próximo</translation>
    </message>
    <message>
      <source>of {count} items no patient is known: each counts as one of its own</source>
      <translation>de {count} elementos no se conoce el paciente: cada uno cuenta como uno propio</translation>
    </message>
    <message>
      <source>only in the prediction</source>
      <translation>solo en la predicción</translation>
    </message>
    <message>
      <source>only in the truth</source>
      <translation>solo en la real</translation>
    </message>
    <message>
      <source>only the second right</source>
      <translation>solo acierta el segundo</translation>
    </message>
    <message>
      <source>only the winner right</source>
      <translation>solo acierta el ganador</translation>
    </message>
    <message>
      <source>only unlabelled pixels</source>
      <translation>solo sin etiquetar</translation>
    </message>
    <message>
      <source>open</source>
      <translation>abierto</translation>
    </message>
    <message>
      <source>or steps</source>
      <translation>o pasos</translation>
    </message>
    <message>
      <source>other class</source>
      <translation>otra clase</translation>
    </message>
    <message>
      <source>outermost pixels</source>
      <translation>píxeles del borde</translation>
    </message>
    <message>
      <source>padding</source>
      <translation>relleno</translation>
    </message>
    <message>
      <source>part {number} of {count}</source>
      <translation>parte {number} de {count}</translation>
    </message>
    <message>
      <source>past them: x</source>
      <translation>saltándolos: x</translation>
    </message>
    <message>
      <source>patch</source>
      <translation>recorte</translation>
    </message>
    <message>
      <source>patches of {size} px</source>
      <translation>parches de {size} px</translation>
    </message>
    <message>
      <source>patients</source>
      <translation>pacientes</translation>
    </message>
    <message>
      <source>paused</source>
      <translation>en pausa</translation>
    </message>
    <message>
      <source>phase {number} of {count}</source>
      <translation>fase {number} de {count}</translation>
    </message>
    <message>
      <source>picked objects</source>
      <translation>objetos elegidos</translation>
    </message>
    <message>
      <source>pixel share</source>
      <translation>% de píxeles</translation>
    </message>
    <message>
      <source>plain, ReLU</source>
      <translation>simple, ReLU</translation>
    </message>
    <message>
      <source>plain, ReLU, batch norm</source>
      <translation>simple, ReLU, norm. por lotes</translation>
    </message>
    <message>
      <source>plain, sigmoid</source>
      <translation>simple, sigmoide</translation>
    </message>
    <message>
      <source>pneumonia</source>
      <translation>neumonía</translation>
    </message>
    <message>
      <source>pooling, no filters</source>
      <translation>agrupamiento, sin filtros</translation>
    </message>
    <message>
      <source>precision</source>
      <translation>precisión</translation>
    </message>
    <message>
      <source>predicted</source>
      <translation>predicho</translation>
    </message>
    <message>
      <source>prediction</source>
      <translation>predicción</translation>
    </message>
    <message>
      <source>protocol {number} of {count}</source>
      <translation>protocolo {number} de {count}</translation>
    </message>
    <message>
      <source>radiograph</source>
      <translation>radiografía</translation>
    </message>
    <message>
      <source>range</source>
      <translation>rango</translation>
    </message>
    <message>
      <source>rare classes balanced</source>
      <translation>clases raras equilibradas</translation>
    </message>
    <message>
      <source>reading the images …</source>
      <translation>leyendo las imágenes…</translation>
    </message>
    <message>
      <source>recall</source>
      <translation>exhaustividad</translation>
    </message>
    <message>
      <source>reference</source>
      <translation>referencia</translation>
    </message>
    <message>
      <source>rejected</source>
      <translation>rechazado</translation>
    </message>
    <message>
      <source>residual block</source>
      <translation>bloque residual</translation>
    </message>
    <message>
      <source>residual twin</source>
      <translation>gemela residual</translation>
    </message>
    <message>
      <source>right</source>
      <translation>correcto</translation>
    </message>
    <message>
      <source>rounded down</source>
      <translation>redondeado abajo</translation>
    </message>
    <message>
      <source>run</source>
      <translation>entrenamiento</translation>
    </message>
    <message>
      <source>said</source>
      <translation>dicho</translation>
    </message>
    <message>
      <source>scan</source>
      <translation>imagen</translation>
    </message>
    <message>
      <source>score</source>
      <translation>puntuación</translation>
    </message>
    <message>
      <source>seed {number}</source>
      <translation>semilla {number}</translation>
    </message>
    <message>
      <source>sensitivity</source>
      <translation>sensibilidad</translation>
    </message>
    <message>
      <source>series {number}</source>
      <translation>serie {number}</translation>
    </message>
    <message>
      <source>set</source>
      <translation>conjunto</translation>
    </message>
    <message>
      <source>setting</source>
      <translation>ajuste</translation>
    </message>
    <message>
      <source>several</source>
      <translation>varios</translation>
    </message>
    <message>
      <source>share of shapes</source>
      <translation>parte de las formas</translation>
    </message>
    <message>
      <source>shuffling the weights …</source>
      <translation>barajando los pesos…</translation>
    </message>
    <message>
      <source>sigmoid</source>
      <translation>sigmoide</translation>
    </message>
    <message>
      <source>sigmoid and tanh flatten out, so that gradients vanish in deep networks; relu does not.</source>
      <translation>sigmoid y tanh se aplanan, así que los gradientes se desvanecen en redes profundas; relu no.</translation>
    </message>
    <message>
      <source>single steps up to {value} lie above</source>
      <translation>pasos sueltos de hasta {value} quedan por encima</translation>
    </message>
    <message>
      <source>slice</source>
      <translation>corte</translation>
    </message>
    <message>
      <source>slice thickness, since no distance is stated</source>
      <translation>el grosor de corte, pues no se indica la distancia</translation>
    </message>
    <message>
      <source>slice {number}</source>
      <translation>corte {number}</translation>
    </message>
    <message>
      <source>slices</source>
      <translation>cortes</translation>
    </message>
    <message>
      <source>solid arc: the encoder's maps are put beside the decoder's</source>
      <translation>arco continuo: los mapas del codificador se ponen junto a los del decodificador</translation>
    </message>
    <message>
      <source>spleen</source>
      <translation>bazo</translation>
    </message>
    <message>
      <source>split</source>
      <translation>dividido</translation>
    </message>
    <message>
      <source>stack {number} of {count}</source>
      <translation>pila {number} de {count}</translation>
    </message>
    <message>
      <source>starting</source>
      <translation>empezando</translation>
    </message>
    <message>
      <source>state</source>
      <translation>estado</translation>
    </message>
    <message>
      <source>station {number} of {count}</source>
      <translation>estación {number} de {count}</translation>
    </message>
    <message>
      <source>step</source>
      <translation>paso</translation>
    </message>
    <message>
      <source>stopped</source>
      <translation>detenido</translation>
    </message>
    <message>
      <source>stopped early</source>
      <translation>detenido antes</translation>
    </message>
    <message>
      <source>stopped, can be resumed</source>
      <translation>detenido, se puede reanudar</translation>
    </message>
    <message>
      <source>sum of the levels</source>
      <translation>suma de los niveles</translation>
    </message>
    <message>
      <source>tanh</source>
      <translation>tanh</translation>
    </message>
    <message>
      <source>test set</source>
      <translation>conjunto de prueba</translation>
    </message>
    <message>
      <source>the last point</source>
      <translation>el último punto</translation>
    </message>
    <message>
      <source>the network answers with what is no number</source>
      <translation>la respuesta de la red no es un número</translation>
    </message>
    <message>
      <source>the network that is kept</source>
      <translation>la red que se conserva</translation>
    </message>
    <message>
      <source>the same place in mm</source>
      <translation>el mismo lugar en mm</translation>
    </message>
    <message>
      <source>the same place in mm, taken for one patient</source>
      <translation>el mismo lugar en mm, tomados por un solo paciente</translation>
    </message>
    <message>
      <source>their own size</source>
      <translation>su propio tamaño</translation>
    </message>
    <message>
      <source>their sum: F(x) + x</source>
      <translation>su suma: F(x) + x</translation>
    </message>
    <message>
      <source>through its layers: F(x)</source>
      <translation>por sus módulos: F(x)</translation>
    </message>
    <message>
      <source>through the filters: F(x)</source>
      <translation>por los filtros: F(x)</translation>
    </message>
    <message>
      <source>to</source>
      <translation>hasta</translation>
    </message>
    <message>
      <source>to do</source>
      <translation>pendiente</translation>
    </message>
    <message>
      <source>too much</source>
      <translation>de más</translation>
    </message>
    <message>
      <source>training</source>
      <translation>entrenando</translation>
    </message>
    <message>
      <source>training loss</source>
      <translation>pérdida de entrenamiento</translation>
    </message>
    <message>
      <source>training set</source>
      <translation>conjunto de entrenamiento</translation>
    </message>
    <message>
      <source>transformer block</source>
      <translation>bloque transformer</translation>
    </message>
    <message>
      <source>transposed convolution</source>
      <translation>convolución transpuesta</translation>
    </message>
    <message>
      <source>trial</source>
      <translation>ensayo</translation>
    </message>
    <message>
      <source>true objects</source>
      <translation>objetos reales</translation>
    </message>
    <message>
      <source>truly</source>
      <translation>real</translation>
    </message>
    <message>
      <source>truly {name}</source>
      <translation>real: {name}</translation>
    </message>
    <message>
      <source>truth</source>
      <translation>verdad</translation>
    </message>
    <message>
      <source>two classes: {count}</source>
      <translation>dos clases: {count}</translation>
    </message>
    <message>
      <source>ultrasound</source>
      <translation>ecografía</translation>
    </message>
    <message>
      <source>under 1 min left</source>
      <translation>queda menos de 1 min</translation>
    </message>
    <message>
      <source>upsampling</source>
      <translation>ampliación</translation>
    </message>
    <message>
      <source>valid: as published, the mask is 184 px smaller than what the network is given, so images are mirrored outwards and large ones read in tiles; same: as most do today.</source>
      <translation>valid: como se publicó, la máscara mide 184 px menos que lo que recibe la red, así que las imágenes se reflejan hacia fuera y las grandes se leen por teselas; same: como hacen hoy casi todas.</translation>
    </message>
    <message>
      <source>validation</source>
      <translation>validación</translation>
    </message>
    <message>
      <source>validation loss</source>
      <translation>pérdida de validación</translation>
    </message>
    <message>
      <source>validation score</source>
      <translation>puntuación de validación</translation>
    </message>
    <message>
      <source>validation set</source>
      <translation>conjunto de validación</translation>
    </message>
    <message>
      <source>value</source>
      <translation>valor</translation>
    </message>
    <message>
      <source>value {value} has no class</source>
      <translation>el valor {value} no tiene clase</translation>
    </message>
    <message>
      <source>values, with ; between them</source>
      <translation>valores, separados por ;</translation>
    </message>
    <message>
      <source>visible</source>
      <translation>visible</translation>
    </message>
    <message>
      <source>waiting</source>
      <translation>en espera</translation>
    </message>
    <message>
      <source>waiting for what trains now …</source>
      <translation>esperando a lo que se entrena ahora…</translation>
    </message>
    <message>
      <source>waits at rung {rung} of {rungs}</source>
      <translation>peldaño {rung} de {rungs}</translation>
    </message>
    <message>
      <source>weighted by voxels</source>
      <translation>ponderada por vóxeles</translation>
    </message>
    <message>
      <source>weights</source>
      <translation>pesos</translation>
    </message>
    <message>
      <source>winner minus second</source>
      <translation>ganador menos segundo</translation>
    </message>
    <message>
      <source>with the model's help · {size}</source>
      <translation>con ayuda del modelo · {size}</translation>
    </message>
    <message>
      <source>without a class</source>
      <translation>sin clase</translation>
    </message>
    <message>
      <source>x {x} · y {y}</source>
      <translation>x {x} · y {y}</translation>
    </message>
    <message>
      <source>x {x} · y {y} · z {z}</source>
      <translation>x {x} · y {y} · z {z}</translation>
    </message>
    <message>
      <source>yes</source>
      <translation>sí</translation>
    </message>
    <message>
      <source>your mask</source>
      <translation>su máscara</translation>
    </message>
    <message>
      <source>{arch} needs about {needed:.1f} GB of memory for a step, and {free:.1f} GB are free.</source>
      <translation>{arch} necesita unos {needed:.1f} GB de memoria para un paso, y hay {free:.1f} GB libres.</translation>
    </message>
    <message>
      <source>{arch} on images of {size} px, batch {batch}, {loss} loss.</source>
      <translation>{arch} con imágenes de {size} px, lote {batch}, pérdida {loss}.</translation>
    </message>
    <message>
      <source>{arch} on images of {size} px, batch {batch}, {loss}.</source>
      <translation>{arch} con imágenes de {size} px, lote {batch}, {loss}.</translation>
    </message>
    <message>
      <source>{arch} on images of {size} px, batch {batch}.</source>
      <translation>{arch} con imágenes de {size} px, lote {batch}.</translation>
    </message>
    <message>
      <source>{arch} on patches of {patch} px, batch {batch}, {loss} loss.</source>
      <translation>{arch} con parches de {patch} px, lote {batch}, pérdida {loss}.</translation>
    </message>
    <message>
      <source>{arch} on patches of {patch} px, batch {batch}, {loss}.</source>
      <translation>{arch} en parches de {patch} px, lote {batch}, {loss}.</translation>
    </message>
    <message>
      <source>{arch} on patches of {patch} px, batch {batch}.</source>
      <translation>{arch} con parches de {patch} px, lote {batch}.</translation>
    </message>
    <message>
      <source>{arch} with the encoder {encoder} on images of {size} px, batch {batch}, {loss} loss.</source>
      <translation>{arch} con codificador {encoder} en imágenes de {size} px, lote {batch}, pérdida {loss}.</translation>
    </message>
    <message>
      <source>{arch} with the encoder {encoder} on images of {size} px, batch {batch}, {loss}.</source>
      <translation>{arch} con codificador {encoder} en imágenes de {size} px, lote {batch}, {loss}.</translation>
    </message>
    <message>
      <source>{arch} with the encoder {encoder} on patches of {patch} px, batch {batch}, {loss} loss.</source>
      <translation>{arch} con codificador {encoder} en parches de {patch} px, lote {batch}, pérdida {loss}.</translation>
    </message>
    <message>
      <source>{arch} with the encoder {encoder} on patches of {patch} px, batch {batch}, {loss}.</source>
      <translation>{arch} con codificador {encoder} en parches de {patch} px, lote {batch}, {loss}.</translation>
    </message>
    <message>
      <source>{arch}: the images of {width} × {height} px are brought to {size} × {size}.</source>
      <translation>{arch}: las imágenes de {width} × {height} px se llevan a {size} × {size}.</translation>
    </message>
    <message>
      <source>{arch}: the images of {width} × {height} px are enlarged to {size} × {size}.</source>
      <translation>{arch}: las imágenes de {width} × {height} px se amplían a {size} × {size}.</translation>
    </message>
    <message>
      <source>{arch}: the images of {width} × {height} px are reduced to {size} × {size}.</source>
      <translation>{arch}: las imágenes de {width} × {height} px se reducen a {size} × {size}.</translation>
    </message>
    <message>
      <source>{asked} threads were asked for: this machine has {cores} cores, and that many compute.</source>
      <translation>Se pidieron {asked} hilos: este equipo tiene {cores} núcleos, y calculan esos.</translation>
    </message>
    <message>
      <source>{axis} {place} mm</source>
      <translation>{axis} {place} mm</translation>
    </message>
    <message>
      <source>{before} → {after}</source>
      <translation>{before} → {after}</translation>
    </message>
    <message>
      <source>{color} is not a colour.</source>
      <translation>{color} no es un color.</translation>
    </message>
    <message>
      <source>{count} COCO files</source>
      <translation>{count} archivos COCO</translation>
    </message>
    <message>
      <source>{count} annotations of {file} are about images that it does not list, and were left out.</source>
      <translation>{count} anotaciones de {file} son de imágenes que el archivo no enumera, y se omitieron.</translation>
    </message>
    <message>
      <source>{count} annotations of {file} are crowds, which tell no objects apart: their pixels count as unlabelled.</source>
      <translation>{count} anotaciones de {file} son grupos, que no distinguen objetos: sus píxeles cuentan como sin etiquetar.</translation>
    </message>
    <message>
      <source>{count} annotations of {file} have no shape, only a box or points, and make no mask.</source>
      <translation>{count} anotaciones de {file} no tienen forma, solo un recuadro o puntos, y no dan máscara.</translation>
    </message>
    <message>
      <source>{count} answers are no numbers: they are in no cell of the matrix, and there is no curve.</source>
      <translation>{count} respuestas no son números: no están en ninguna celda de la matriz y no hay curva.</translation>
    </message>
    <message>
      <source>{count} answers are no numbers: they count as wrong, and there is no AUC.</source>
      <translation>{count} respuestas no son números: cuentan como erróneas, y no hay AUC.</translation>
    </message>
    <message>
      <source>{count} at a time</source>
      <translation>{count} cada vez</translation>
    </message>
    <message>
      <source>{count} blocks of {filters}; the input skips past each</source>
      <translation>{count} bloques de {filters}; la entrada salta cada uno</translation>
    </message>
    <message>
      <source>{count} changed</source>
      <translation>cambiados: {count}</translation>
    </message>
    <message>
      <source>{count} changed copies on one real image: above 5 a network mostly learns the same few images by heart. More images help more.</source>
      <translation>{count} copias cambiadas por cada imagen real: por encima de 5, la red sobre todo se aprende de memoria las mismas pocas imágenes. Más imágenes ayudan más.</translation>
    </message>
    <message>
      <source>{count} chosen</source>
      <translation>{count} elegidos</translation>
    </message>
    <message>
      <source>{count} classes</source>
      <translation>{count} clases</translation>
    </message>
    <message>
      <source>{count} classes are too many.</source>
      <translation>{count} clases son demasiadas.</translation>
    </message>
    <message>
      <source>{count} damaged shapes of {file} were left out of its mask.</source>
      <translation>{count} formas dañadas de {file} se omitieron en su máscara.</translation>
    </message>
    <message>
      <source>{count} epochs</source>
      <translation>{count} épocas</translation>
    </message>
    <message>
      <source>{count} epochs frozen</source>
      <translation>{count} épocas congeladas</translation>
    </message>
    <message>
      <source>{count} epochs without gain</source>
      <translation>{count} épocas sin mejora</translation>
    </message>
    <message>
      <source>{count} files among the masks are of no kind that masks are read of: {names}.</source>
      <translation>{count} archivos entre las máscaras no son de un tipo del que se lean máscaras: {names}.</translation>
    </message>
    <message>
      <source>{count} files were written to {folder}.</source>
      <translation>Se escribieron {count} archivos en {folder}.</translation>
    </message>
    <message>
      <source>{count} filters of {side} that see the image, in its colours.</source>
      <translation>{count} filtros de {side} que ven la imagen, en sus colores.</translation>
    </message>
    <message>
      <source>{count} filters of {side} that see the image: orange weights add what is bright, blue ones take it away, black is 0.</source>
      <translation>{count} filtros de {side} que ven la imagen: los pesos naranjas suman lo claro, los azules lo restan, negro es 0.</translation>
    </message>
    <message>
      <source>{count} frozen</source>
      <translation>{count} congeladas</translation>
    </message>
    <message>
      <source>{count} grey images are learnt as images in colour, their grey as red, green and blue alike: {names}.</source>
      <translation>{count} imágenes grises se aprenden como imágenes en color, con el gris por igual en rojo, verde y azul: {names}.</translation>
    </message>
    <message>
      <source>{count} groups of twins are kept in one set</source>
      <translation>{count} grupos de gemelas quedan en un mismo conjunto</translation>
    </message>
    <message>
      <source>{count} images</source>
      <translation>{count} imágenes</translation>
    </message>
    <message>
      <source>{count} images are called CT as the others are, and are not in HU: together they lose their HU.</source>
      <translation>{count} imágenes se llaman TC como las demás y no están en HU: juntas pierden sus HU.</translation>
    </message>
    <message>
      <source>{count} images are called so: wrong.</source>
      <translation>{count} imágenes reciben ese nombre: error.</translation>
    </message>
    <message>
      <source>{count} images are listed in several of the files {file}: their shapes were laid over each other.</source>
      <translation>{count} imágenes figuran en varios de los archivos {file}: sus formas se superpusieron.</translation>
    </message>
    <message>
      <source>{count} images are not in HU as the others are, and each is learnt by its own range of values: {names}.</source>
      <translation>{count} imágenes no están en HU como las demás y cada una se aprende por su propio intervalo de valores: {names}.</translation>
    </message>
    <message>
      <source>{count} images are not in HU as the others are, so that each image is learnt by its own range of values: {names}.</source>
      <translation>{count} imágenes no están en HU como las demás, por lo que cada imagen se aprende por su propio intervalo de valores: {names}.</translation>
    </message>
    <message>
      <source>{count} images are not where they were.</source>
      <translation>{count} imágenes no están donde estaban.</translation>
    </message>
    <message>
      <source>{count} images are volumes: of each the middle slice alone is seen.</source>
      <translation>{count} imágenes son volúmenes: de cada una solo se ve el corte central.</translation>
    </message>
    <message>
      <source>{count} images could have the mask {name}, and none lies nearer to it than the others.</source>
      <translation>La máscara {name} podría ser de {count} imágenes, y ninguna está más cerca de ella que las demás.</translation>
    </message>
    <message>
      <source>{count} images have another class.</source>
      <translation>{count} imágenes tienen otra clase.</translation>
    </message>
    <message>
      <source>{count} images have masks of their names only in folders of other sets, which were left out: {names}.</source>
      <translation>{count} imágenes tienen máscaras de sus nombres solo en carpetas de otros conjuntos, y se omitieron: {names}.</translation>
    </message>
    <message>
      <source>{count} images have more than 8 bits: their usual values are spread over 8, as the others have: {names}.</source>
      <translation>{count} imágenes tienen más de 8 bits: sus valores habituales se reparten en 8, los que tienen las demás: {names}.</translation>
    </message>
    <message>
      <source>{count} images have no class: {names}.</source>
      <translation>{count} imágenes no tienen clase: {names}.</translation>
    </message>
    <message>
      <source>{count} images have no mask: {names}.</source>
      <translation>{count} imágenes no tienen máscara: {names}.</translation>
    </message>
    <message>
      <source>{count} images hold values that no scanner measured (NaN, infinite or 1e30 and more).</source>
      <translation>{count} imágenes contienen valores que ningún equipo midió (NaN, infinito o 1e30 y más).</translation>
    </message>
    <message>
      <source>{count} images in colour are learnt by their brightness alone, since the earlier run was taught on grey: {names}.</source>
      <translation>De {count} imágenes en color solo se aprende la claridad, porque el entrenamiento anterior aprendió con grises: {names}.</translation>
    </message>
    <message>
      <source>{count} images of the project were found again, where they lie now.</source>
      <translation>Se encontraron de nuevo {count} imágenes del proyecto, donde están ahora.</translation>
    </message>
    <message>
      <source>{count} images of {file} were not among the pictures: {names}.</source>
      <translation>{count} imágenes de {file} no estaban entre las elegidas: {names}.</translation>
    </message>
    <message>
      <source>{count} images that were there already got their masks or classes: {names}.</source>
      <translation>{count} imágenes que ya estaban recibieron sus máscaras o clases: {names}.</translation>
    </message>
    <message>
      <source>{count} images/s</source>
      <translation>{count} imágenes/s</translation>
    </message>
    <message>
      <source>{count} images: {note}</source>
      <translation>{count} imágenes: {note}</translation>
    </message>
    <message>
      <source>{count} items</source>
      <translation>{count} elementos</translation>
    </message>
    <message>
      <source>{count} items added.</source>
      <translation>{count} elementos añadidos.</translation>
    </message>
    <message>
      <source>{count} items are in no set</source>
      <translation>{count} elementos sin conjunto</translation>
    </message>
    <message>
      <source>{count} items are in no set.</source>
      <translation>{count} elementos no están en ningún conjunto.</translation>
    </message>
    <message>
      <source>{count} items are in no set: their patients or twins are in the test set</source>
      <translation>{count} elementos no están en ningún conjunto: sus pacientes o gemelas están en el de prueba</translation>
    </message>
    <message>
      <source>{count} items are left out: their class came after the training.</source>
      <translation>Se dejan fuera {count} elementos: su clase llegó después del entrenamiento.</translation>
    </message>
    <message>
      <source>{count} items are of an unusual size.</source>
      <translation>{count} elementos tienen un tamaño inusual.</translation>
    </message>
    <message>
      <source>{count} items are {modality} now.</source>
      <translation>{count} elementos son ahora {modality}.</translation>
    </message>
    <message>
      <source>{count} items got a mask or a class.</source>
      <translation>{count} elementos recibieron una máscara o una clase.</translation>
    </message>
    <message>
      <source>{count} items have no class.</source>
      <translation>{count} elementos no tienen clase.</translation>
    </message>
    <message>
      <source>{count} items have no mask.</source>
      <translation>{count} elementos no tienen máscara.</translation>
    </message>
    <message>
      <source>{count} items hold {name}.</source>
      <translation>{count} elementos contienen {name}.</translation>
    </message>
    <message>
      <source>{count} items look like masks or sheets of pictures, not like scans.</source>
      <translation>{count} elementos parecen máscaras u hojas de imágenes, no exploraciones.</translation>
    </message>
    <message>
      <source>{count} items were moved.</source>
      <translation>Se movieron {count} elementos.</translation>
    </message>
    <message>
      <source>{count} labelled items of this set have no prediction yet: they are not scored.</source>
      <translation>{count} elementos etiquetados de este conjunto aún no tienen predicción: no se evalúan.</translation>
    </message>
    <message>
      <source>{count} layers</source>
      <translation>{count} capas</translation>
    </message>
    <message>
      <source>{count} left out</source>
      <translation>{count} fuera</translation>
    </message>
    <message>
      <source>{count} masks are called {name}, and none lies nearer than the others.</source>
      <translation>{count} máscaras se llaman {name}, y ninguna está más cerca que las otras.</translation>
    </message>
    <message>
      <source>{count} masks are damaged.</source>
      <translation>{count} máscaras están dañadas.</translation>
    </message>
    <message>
      <source>{count} masks are empty.</source>
      <translation>{count} máscaras están vacías.</translation>
    </message>
    <message>
      <source>{count} masks belong to no image: {names}.</source>
      <translation>{count} máscaras no corresponden a ninguna imagen: {names}.</translation>
    </message>
    <message>
      <source>{count} masks have unlabelled pixels: they are neither learnt nor scored.</source>
      <translation>{count} máscaras tienen píxeles sin etiquetar: no se aprenden ni se puntúan.</translation>
    </message>
    <message>
      <source>{count} masks hold only unlabelled pixels: nothing of them is learnt or scored.</source>
      <translation>{count} máscaras solo tienen píxeles sin etiquetar: nada de ellas se aprende ni se puntúa.</translation>
    </message>
    <message>
      <source>{count} masks hold values without a class.</source>
      <translation>{count} máscaras contienen valores sin clase.</translation>
    </message>
    <message>
      <source>{count} masks in {folder} have no partner and were left out: {names}.</source>
      <translation>{count} máscaras de {folder} no tienen pareja y se dejaron fuera: {names}.</translation>
    </message>
    <message>
      <source>{count} masks were changed with the model's help and are scored as they were before: with them {value}</source>
      <translation>{count} máscaras se cambiaron con ayuda del modelo y se puntúan como eran antes: con ellas {value}</translation>
    </message>
    <message>
      <source>{count} masks were not read, the first: {reason}</source>
      <translation>No se leyeron {count} máscaras, la primera: {reason}</translation>
    </message>
    <message>
      <source>{count} measures are damaged and not shown.</source>
      <translation>{count} medidas están dañadas y no se muestran.</translation>
    </message>
    <message>
      <source>{count} more are locked, or may not be painted over</source>
      <translation>{count} más están bloqueados o no se puede pintar encima</translation>
    </message>
    <message>
      <source>{count} new objects</source>
      <translation>{count} objetos nuevos</translation>
    </message>
    <message>
      <source>{count} not read</source>
      <translation>{count} no leídos</translation>
    </message>
    <message>
      <source>{count} objects of the mask lie outside the image and were left out.</source>
      <translation>{count} objetos de la máscara quedan fuera de la imagen y se dejaron fuera.</translation>
    </message>
    <message>
      <source>{count} objects of {file} are hidden under others and were left out.</source>
      <translation>{count} objetos de {file} están ocultos bajo otros y se dejaron fuera.</translation>
    </message>
    <message>
      <source>{count} objects of {file} lie over others: the later one in the file is on top.</source>
      <translation>{count} objetos de {file} cubren a otros: queda encima el que viene después en el archivo.</translation>
    </message>
    <message>
      <source>{count} of its values are beyond any measurement (1e30 and more).</source>
      <translation>{count} de sus valores están más allá de toda medida (1e30 y más).</translation>
    </message>
    <message>
      <source>{count} of its values are not numbers (NaN or infinite): they count as background.</source>
      <translation>{count} de sus valores no son números (NaN o infinito): cuentan como fondo.</translation>
    </message>
    <message>
      <source>{count} of its {all} slices are in the project already, in {name}.</source>
      <translation>{count} de sus {all} cortes ya están en el proyecto, en {name}.</translation>
    </message>
    <message>
      <source>{count} of the images are in the test set and have a class. Change it to {after}?</source>
      <translation>{count} de las imágenes están en el conjunto de prueba y tienen clase. ¿Cambiarla por {after}?</translation>
    </message>
    <message>
      <source>{count} of these items were learnt from, before the sets were changed: their scores are too high.</source>
      <translation>De {count} de estos elementos se aprendió antes de cambiar los conjuntos: sus resultados son demasiado altos.</translation>
    </message>
    <message>
      <source>{count} of {all} phases fit into the memory at once: the others are read when they are due.</source>
      <translation>En la memoria caben a la vez {count} de {all} fases: las demás se leen cuando toca.</translation>
    </message>
    <message>
      <source>{count} of {all} slices were left out: their files are not there.</source>
      <translation>Se omitieron {count} de {all} cortes: faltan sus archivos.</translation>
    </message>
    <message>
      <source>{count} of {total} images of the training set are labelled: the others are not learnt from.</source>
      <translation>{count} de {total} imágenes del conjunto de entrenamiento están etiquetadas: de las demás no se aprende.</translation>
    </message>
    <message>
      <source>{count} of {total} parts of the network do not fit that run's and start afresh.</source>
      <translation>{count} de {total} partes de la red no coinciden con las de ese entrenamiento y empiezan de cero.</translation>
    </message>
    <message>
      <source>{count} of {total} slices are labelled: mask and prediction are compared there alone.</source>
      <translation>{count} de {total} cortes están etiquetados: solo en ellos se comparan la máscara y la predicción.</translation>
    </message>
    <message>
      <source>{count} of {total} slices are labelled: objects are compared there alone, and taken over there alone.</source>
      <translation>{count} de {total} cortes están etiquetados: solo en ellos se comparan los objetos y solo en ellos se toman.</translation>
    </message>
    <message>
      <source>{count} of {total} slices are labelled: the others are not scored.</source>
      <translation>{count} de {total} cortes están etiquetados: los demás no se evalúan.</translation>
    </message>
    <message>
      <source>{count} of {total} slices of the training set are labelled: the others are not learnt from.</source>
      <translation>{count} de {total} cortes del conjunto de entrenamiento están etiquetados: de los demás no se aprende.</translation>
    </message>
    <message>
      <source>{count} of {total} that are truly {truth} were taken for {predicted}</source>
      <translation>{count} de {total} que en realidad son {truth} se tomaron por {predicted}</translation>
    </message>
    <message>
      <source>{count} of {total} with a mask</source>
      <translation>{count} de {total} con máscara</translation>
    </message>
    <message>
      <source>{count} parts</source>
      <translation>{count} partes</translation>
    </message>
    <message>
      <source>{count} parts are more than the {most} classes that one split makes: leave small ones out.</source>
      <translation>{count} partes son más que las {most} clases que hace una separación: deje fuera las pequeñas.</translation>
    </message>
    <message>
      <source>{count} patients</source>
      <translation>{count} pacientes</translation>
    </message>
    <message>
      <source>{count} patients of this set are in the training set too: its scores are too high.</source>
      <translation>{count} pacientes de este conjunto están también en el de entrenamiento: sus puntuaciones son demasiado altas.</translation>
    </message>
    <message>
      <source>{count} patients, studies or frames of reference carry the UID of this series: their images were kept apart.</source>
      <translation>{count} pacientes, estudios o marcos de referencia llevan el UID de esta serie: sus imágenes se han mantenido separadas.</translation>
    </message>
    <message>
      <source>{count} pictures are not in {file}: {names}.</source>
      <translation>{count} imágenes no están en {file}: {names}.</translation>
    </message>
    <message>
      <source>{count} pixels change</source>
      <translation>Cambian {count} píxeles</translation>
    </message>
    <message>
      <source>{count} pixels more</source>
      <translation>{count} píxeles más</translation>
    </message>
    <message>
      <source>{count} rejected items are left out of training and validation.</source>
      <translation>{count} elementos rechazados quedan fuera del entrenamiento y de la validación.</translation>
    </message>
    <message>
      <source>{count} rejected items of this set are not scored.</source>
      <translation>{count} elementos rechazados de este conjunto no se evalúan.</translation>
    </message>
    <message>
      <source>{count} rows of the table are about no item.</source>
      <translation>{count} filas de la tabla no corresponden a ningún elemento.</translation>
    </message>
    <message>
      <source>{count} rows of {file} are about no image.</source>
      <translation>{count} filas de {file} no corresponden a ninguna imagen.</translation>
    </message>
    <message>
      <source>{count} runs</source>
      <translation>{count} ejecuciones</translation>
    </message>
    <message>
      <source>{count} series hold several volumes, which stand as one row each: {names}.</source>
      <translation>{count} series contienen varios volúmenes, que figuran como una fila cada una: {names}.</translation>
    </message>
    <message>
      <source>{count} shapes of {file} are damaged and were left out (image/annotation): {names}.</source>
      <translation>{count} formas de {file} están dañadas y se omitieron (imagen/anotación): {names}.</translation>
    </message>
    <message>
      <source>{count} shapes of {file} cover no pixel and were left out (image/annotation): {names}.</source>
      <translation>{count} formas de {file} no cubren ningún píxel y se omitieron (imagen/anotación): {names}.</translation>
    </message>
    <message>
      <source>{count} shapes of {file} lie over ones of another class: the smaller one is on top.</source>
      <translation>{count} formas de {file} están sobre otras de otra clase: la más pequeña queda encima.</translation>
    </message>
    <message>
      <source>{count} slices</source>
      <translation>{count} cortes</translation>
    </message>
    <message>
      <source>{count} slices are missing after z = {z:.1f} mm (gap {gap:.1f} mm, step {step:.1f} mm).</source>
      <translation>Faltan {count} cortes después de z = {z:.1f} mm (hueco {gap:.1f} mm, paso {step:.1f} mm).</translation>
    </message>
    <message>
      <source>{count} slices are missing after z = {z:.3f} mm (gap {gap:.0f} µm, step {step:.0f} µm).</source>
      <translation>Faltan {count} cortes tras z = {z:.3f} mm (hueco {gap:.0f} µm, paso {step:.0f} µm).</translation>
    </message>
    <message>
      <source>{count} small ones</source>
      <translation>{count} pequeñas</translation>
    </message>
    <message>
      <source>{count} structures were missed altogether: distances leave them out.</source>
      <translation>{count} estructuras se omitieron del todo: las distancias no las incluyen.</translation>
    </message>
    <message>
      <source>{count} test items, never used in training</source>
      <translation>{count} elementos de prueba, nunca usados para entrenar</translation>
    </message>
    <message>
      <source>{count} test patients, never used in training</source>
      <translation>{count} pacientes de prueba, nunca usados para entrenar</translation>
    </message>
    <message>
      <source>{count} things were noticed.</source>
      <translation>Se han observado {count} cosas.</translation>
    </message>
    <message>
      <source>{count} tiles cover it and fit together without a seam, in the memory of one: click one, or go with the arrow keys. The maps are those of the one in the middle.</source>
      <translation>{count} teselas la cubren y encajan sin costura, con la memoria de una: haga clic en una o vaya con las flechas. Los mapas son los de la del medio.</translation>
    </message>
    <message>
      <source>{count} trials failed: the study's page says why.</source>
      <translation>{count} ensayos fallaron: la página del estudio dice por qué.</translation>
    </message>
    <message>
      <source>{count} trials of {networks} in {minutes} minutes. By the validation the best is trial {number}, {winner}: {score} {value}.</source>
      <translation>{count} ensayos de {networks} en {minutes} minutos. Según la validación, el mejor es el ensayo {number}, {winner}: {score} {value}.</translation>
    </message>
    <message>
      <source>{count} trials of {networks}, {time} for all of them.</source>
      <translation>{count} ensayos de {networks}, {time} para todos.</translation>
    </message>
    <message>
      <source>{count} values have no class yet.</source>
      <translation>{count} valores aún no tienen clase.</translation>
    </message>
    <message>
      <source>{count} volumes: {slices} of {total} slices are labelled; the others are neither learnt nor scored.</source>
      <translation>{count} volúmenes: {slices} de {total} cortes están etiquetados; los demás no se aprenden ni se puntúan.</translation>
    </message>
    <message>
      <source>{count} voxels of other classes lie under {label}, whose file comes later.</source>
      <translation>{count} vóxeles de otras clases quedan debajo de {label}, cuyo archivo viene después.</translation>
    </message>
    <message>
      <source>{count} waiting</source>
      <translation>{count} en espera</translation>
    </message>
    <message>
      <source>{count} weights, for images of {input} and {classes} classes</source>
      <translation>{count} pesos, para imágenes de {input} y {classes} clases</translation>
    </message>
    <message>
      <source>{count} were not read.</source>
      <translation>{count} no se leyeron.</translation>
    </message>
    <message>
      <source>{count} with a class · {left} without</source>
      <translation>{count} con clase · {left} sin clase</translation>
    </message>
    <message>
      <source>{count} with a mask</source>
      <translation>{count} con máscara</translation>
    </message>
    <message>
      <source>{count} with a mask · {left} without</source>
      <translation>{count} con máscara · {left} sin máscara</translation>
    </message>
    <message>
      <source>{count} without</source>
      <translation>{count} sin máscara</translation>
    </message>
    <message>
      <source>{done} done or running · {add} to add</source>
      <translation>{done} hechas o en curso · {add} más</translation>
    </message>
    <message>
      <source>{done} of {count} reviewed</source>
      <translation>{done} de {count} revisados</translation>
    </message>
    <message>
      <source>{done} of {count} trials are over</source>
      <translation>{done} de {count} ensayos terminados</translation>
    </message>
    <message>
      <source>{done} of {total}</source>
      <translation>{done} de {total}</translation>
    </message>
    <message>
      <source>{done} of {total} answered</source>
      <translation>{done} de {total} resueltas</translation>
    </message>
    <message>
      <source>{encoder} encoder</source>
      <translation>codificador {encoder}</translation>
    </message>
    <message>
      <source>{file} beside the masks does not say what each value means: they go by their numbers.</source>
      <translation>{file}, junto a las máscaras, no dice qué significa cada valor: se toman por sus números.</translation>
    </message>
    <message>
      <source>{file} cannot be read: {reason}.</source>
      <translation>No se puede leer {file}: {reason}.</translation>
    </message>
    <message>
      <source>{file} does not say what mask values mean.</source>
      <translation>{file} no dice qué significan los valores de las máscaras.</translation>
    </message>
    <message>
      <source>{file} does not say which of several images it means by {row}.</source>
      <translation>{file} no dice a cuál de varias imágenes se refiere con {row}.</translation>
    </message>
    <message>
      <source>{file} does not say which of {count} images named {name} it means.</source>
      <translation>{file} no dice a cuál de las {count} imágenes llamadas {name} se refiere.</translation>
    </message>
    <message>
      <source>{file} gives the id of {name} to another image too.</source>
      <translation>{file} da el id de {name} también a otra imagen.</translation>
    </message>
    <message>
      <source>{file} gives the values of the masks names that are no classes here ({values}): they go by their numbers.</source>
      <translation>{file} da a los valores de las máscaras nombres que aquí no son clases ({values}): se toman por sus números.</translation>
    </message>
    <message>
      <source>{file} has a shape of the category {category}, which it does not list.</source>
      <translation>{file} tiene una forma de la categoría {category}, que no enumera.</translation>
    </message>
    <message>
      <source>{file} has numbers for classes: they were counted from 0 ({meaning}).</source>
      <translation>{file} tiene números en vez de clases: se contaron desde 0 ({meaning}).</translation>
    </message>
    <message>
      <source>{file} has {count} columns called {column}.</source>
      <translation>{file} tiene {count} columnas llamadas {column}.</translation>
    </message>
    <message>
      <source>{file} holds several values: it is not the mask of {name} alone.</source>
      <translation>{file} contiene varios valores: no es la máscara de {name} sola.</translation>
    </message>
    <message>
      <source>{file} holds {count} objects for {name}, and 65,535 are the most.</source>
      <translation>{file} contiene {count} objetos para {name}, y el máximo es 65.535.</translation>
    </message>
    <message>
      <source>{file} is no text, and so no table.</source>
      <translation>{file} no es texto y, por tanto, no es una tabla.</translation>
    </message>
    <message>
      <source>{file} is not a COCO file: {reason}.</source>
      <translation>{file} no es un archivo COCO: {reason}.</translation>
    </message>
    <message>
      <source>{file} lacks the column {column}. It has: {there}.</source>
      <translation>A {file} le falta la columna {column}. Tiene: {there}.</translation>
    </message>
    <message>
      <source>{file} lists {count} images of the name {name}.</source>
      <translation>{file} enumera {count} imágenes con el nombre {name}.</translation>
    </message>
    <message>
      <source>{file} looks like the mask of {name} alone, and there is no such class.</source>
      <translation>{file} parece la máscara de {name} sola, y no hay una clase así.</translation>
    </message>
    <message>
      <source>{file} says different things of {name}.</source>
      <translation>{file} dice cosas distintas de {name}.</translation>
    </message>
    <message>
      <source>{file} says that the image is {mask}, but it is {image}.</source>
      <translation>{file} dice que la imagen es de {mask}, pero es de {image}.</translation>
    </message>
    <message>
      <source>{file}, line {line}: {split} is not a set.</source>
      <translation>{file}, línea {line}: {split} no es un conjunto.</translation>
    </message>
    <message>
      <source>{fixed}. Auto chooses the rest from your data and this computer at the start.</source>
      <translation>{fixed}. Auto elige el resto según los datos y este equipo al empezar.</translation>
    </message>
    <message>
      <source>{folder} holds two masks named {name}.</source>
      <translation>{folder} contiene dos máscaras llamadas {name}.</translation>
    </message>
    <message>
      <source>{format} is not a format.</source>
      <translation>{format} no es un formato.</translation>
    </message>
    <message>
      <source>{given} class weights were given for {classes} classes.</source>
      <translation>Se dieron {given} pesos de clase para {classes} clases.</translation>
    </message>
    <message>
      <source>{hours} h</source>
      <translation>{hours} h</translation>
    </message>
    <message>
      <source>{hours} h {minutes} min</source>
      <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
      <source>{hours} h {minutes} min left</source>
      <translation>quedan {hours} h {minutes} min</translation>
    </message>
    <message>
      <source>{item}  →  {patient}</source>
      <translation>{item}  →  {patient}</translation>
    </message>
    <message>
      <source>{keys} is held over the scan: no command there can have it.</source>
      <translation>{keys} se mantiene pulsada sobre la imagen: ninguna orden de allí puede tenerla.</translation>
    </message>
    <message>
      <source>{keys} is taken by “{command}”. Give that other keys first.</source>
      <translation>{keys} es de «{command}». Dele antes otras teclas a esa orden.</translation>
    </message>
    <message>
      <source>{keys} moves on, takes or drops everywhere: no command can have it.</source>
      <translation>{keys} avanza, acepta o descarta en todas partes: ninguna orden puede tenerla.</translation>
    </message>
    <message>
      <source>{key} cannot be {text}.</source>
      <translation>{key} no puede ser {text}.</translation>
    </message>
    <message>
      <source>{key} is a setting of a network of its own, and none was chosen.</source>
      <translation>{key} es un ajuste propio de una red, y no se eligió ninguna.</translation>
    </message>
    <message>
      <source>{key} is not varied by a study.</source>
      <translation>Un estudio no varía {key}.</translation>
    </message>
    <message>
      <source>{kind}, {number}: is {truth} ({share}), said {said}</source>
      <translation>{kind}, {number}: es {truth} ({share}), la red dijo {said}</translation>
    </message>
    <message>
      <source>{labelled} / {count} slices</source>
      <translation>{labelled} / {count} cortes</translation>
    </message>
    <message>
      <source>{labelled} of {count} phases are labelled</source>
      <translation>{labelled} de {count} fases están etiquetadas</translation>
    </message>
    <message>
      <source>{labelled} of {count} slices are labelled</source>
      <translation>{labelled} de {count} cortes están etiquetados</translation>
    </message>
    <message>
      <source>{label} covers {share:.0f} % of the masks: they may be the wrong way round.</source>
      <translation>{label} cubre el {share:.0f} % de las máscaras: puede que estén invertidas.</translation>
    </message>
    <message>
      <source>{label} takes {after:.3g} mL on the image's grid; on the mask's own it took {before:.3g} mL.</source>
      <translation>{label} ocupa {after:.3g} mL en la cuadrícula de la imagen; en la de la máscara ocupaba {before:.3g} mL.</translation>
    </message>
    <message>
      <source>{layer}, stride {n}</source>
      <translation>{layer}, paso {n}</translation>
    </message>
    <message>
      <source>{left} of {total} images have no class yet</source>
      <translation>{left} de {total} imágenes aún no tienen clase</translation>
    </message>
    <message>
      <source>{lost:.1f} % of {label} in the mask lies outside the image and was left out.</source>
      <translation>El {lost:.1f} % de {label} en la máscara queda fuera de la imagen y se omitió.</translation>
    </message>
    <message>
      <source>{low} to {high}</source>
      <translation>{low} a {high}</translation>
    </message>
    <message>
      <source>{mean}, better in {better} of {count}</source>
      <translation>{mean}, mejor en {better} de {count}</translation>
    </message>
    <message>
      <source>{memory} of maps for one image: {share} of all</source>
      <translation>{memory} de mapas por imagen: {share} del total</translation>
    </message>
    <message>
      <source>{minutes:g} min buy about {steps} steps at {size} px.</source>
      <translation>{minutes:g} min dan para unos {steps} pasos a {size} px.</translation>
    </message>
    <message>
      <source>{minutes:g} min buy about {steps} steps at {size} px; {larger} px would buy {few}.</source>
      <translation>{minutes:g} min dan para unos {steps} pasos a {size} px; a {larger} px darían para {few}.</translation>
    </message>
    <message>
      <source>{minutes:g} min buy about {steps} steps on patches of {patch} px.</source>
      <translation>{minutes:g} min dan para unos {steps} pasos con recortes de {patch} px.</translation>
    </message>
    <message>
      <source>{minutes:g} min buy about {steps} steps, first at {first} px, then at {size} px.</source>
      <translation>{minutes:g} min dan para unos {steps} pasos, primero a {first} px y luego a {size} px.</translation>
    </message>
    <message>
      <source>{minutes:g} min buy about {steps} steps, first at {first} px, then at {size} px; {larger} px would buy {few}.</source>
      <translation>{minutes:g} min dan para unos {steps} pasos, primero a {first} px y luego a {size} px; a {larger} px darían para {few}.</translation>
    </message>
    <message>
      <source>{minutes} min</source>
      <translation>{minutes} min</translation>
    </message>
    <message>
      <source>{minutes} min left</source>
      <translation>quedan {minutes} min</translation>
    </message>
    <message>
      <source>{model}, not {mine}</source>
      <translation>{model}, no {mine}</translation>
    </message>
    <message>
      <source>{names} lost</source>
      <translation>{names} se pierde</translation>
    </message>
    <message>
      <source>{name} alone</source>
      <translation>Solo: {name}</translation>
    </message>
    <message>
      <source>{name} cannot be opened for writing: its {place} is a link to another place.</source>
      <translation>{name} no se puede abrir para escribir: su {place} es un enlace a otro lugar.</translation>
    </message>
    <message>
      <source>{name} cannot be opened for writing: the disk is full.</source>
      <translation>{name} no se puede abrir para escribir: el disco está lleno.</translation>
    </message>
    <message>
      <source>{name} cannot be opened for writing: {reason}.</source>
      <translation>No se puede abrir {name} para escribir: {reason}.</translation>
    </message>
    <message>
      <source>{name} cannot be read as weights.</source>
      <translation>{name} no se puede leer como pesos.</translation>
    </message>
    <message>
      <source>{name} cannot be read: its header has no end.</source>
      <translation>{name} no se puede leer: su cabecera no tiene fin.</translation>
    </message>
    <message>
      <source>{name} cannot be read: its header lacks “{field}”.</source>
      <translation>{name} no se puede leer: a su cabecera le falta «{field}».</translation>
    </message>
    <message>
      <source>{name} cannot be read: its header names {count} sizes for {axes} axes.</source>
      <translation>{name} no se puede leer: su cabecera da {count} tamaños para {axes} ejes.</translation>
    </message>
    <message>
      <source>{name} cannot be read: its kind of numbers ({kind}) is not known.</source>
      <translation>{name} no se puede leer: su tipo de números ({kind}) no se conoce.</translation>
    </message>
    <message>
      <source>{name} cannot be read: {reason}</source>
      <translation>{name} no se puede leer: {reason}</translation>
    </message>
    <message>
      <source>{name} cannot be read: {reason}.</source>
      <translation>No se puede leer {name}: {reason}.</translation>
    </message>
    <message>
      <source>{name} cannot be removed while {run} is being trained.</source>
      <translation>{name} no se puede quitar mientras se entrena {run}.</translation>
    </message>
    <message>
      <source>{name} cannot be {value}.</source>
      <translation>{name} no puede ser {value}.</translation>
    </message>
    <message>
      <source>{name} copy</source>
      <translation>{name} copia</translation>
    </message>
    <message>
      <source>{name} could not be made: the disk is full.</source>
      <translation>{name} no se pudo crear: el disco está lleno.</translation>
    </message>
    <message>
      <source>{name} could not be read: {reason}.</source>
      <translation>No se pudo leer {name}: {reason}.</translation>
    </message>
    <message>
      <source>{name} could not be removed: {reason}.</source>
      <translation>No se pudo quitar {name}: {reason}.</translation>
    </message>
    <message>
      <source>{name} could not be written: {reason}.</source>
      <translation>No se pudo escribir {name}: {reason}.</translation>
    </message>
    <message>
      <source>{name} deleted</source>
      <translation>Borrado: {name}</translation>
    </message>
    <message>
      <source>{name} does not fit into the memory that is free.</source>
      <translation>{name} no cabe en la memoria libre.</translation>
    </message>
    <message>
      <source>{name} exists already.</source>
      <translation>{name} ya existe.</translation>
    </message>
    <message>
      <source>{name} has colours of the kind {kind}, which are not read.</source>
      <translation>{name} tiene colores del tipo {kind}, que no se leen.</translation>
    </message>
    <message>
      <source>{name} has its data in many files.</source>
      <translation>{name} tiene sus datos en muchos archivos.</translation>
    </message>
    <message>
      <source>{name} has its pixels in another file (NIfTI pair or Analyze).</source>
      <translation>{name} tiene sus píxeles en otro archivo (par NIfTI o Analyze).</translation>
    </message>
    <message>
      <source>{name} has more than 8 bits, unlike the images of the training: its usual values are spread over 8 bits.</source>
      <translation>{name} tiene más de 8 bits, a diferencia de las imágenes del entrenamiento: sus valores habituales se reparten en 8 bits.</translation>
    </message>
    <message>
      <source>{name} has no filter and no pooling: nothing of it can be changed.</source>
      <translation>{name}: no hay filtro ni agrupamiento, así que nada se puede cambiar.</translation>
    </message>
    <message>
      <source>{name} has no values in HU, as the model was taught on: what it shows may not be recognised.</source>
      <translation>{name} no tiene valores en HU, con los que aprendió el modelo: puede que no se reconozca lo que muestra.</translation>
    </message>
    <message>
      <source>{name} has {side} px, {factor:.2f} times as many as the images of the training, and is brought to the same {size} px: what it shows has another size than the model learnt.</source>
      <translation>{name} tiene {side} px, {factor:.2f} veces los de las imágenes del entrenamiento, y se lleva a los mismos {size} px: lo que muestra tiene otro tamaño que el que aprendió el modelo.</translation>
    </message>
    <message>
      <source>{name} holds classes, not images.</source>
      <translation>{name} contiene clases, no imágenes.</translation>
    </message>
    <message>
      <source>{name} holds images of the shape {shape}, which is not understood.</source>
      <translation>{name} contiene imágenes de forma {shape}, que no se reconoce.</translation>
    </message>
    <message>
      <source>{name} holds no .onnx file.</source>
      <translation>{name} no contiene ningún archivo .onnx.</translation>
    </message>
    <message>
      <source>{name} holds no image encoder of the SAM family (1024 pixels in, 256 × 64 × 64 out).</source>
      <translation>{name} no contiene ningún codificador de imágenes de la familia SAM (entran 1024 píxeles, salen 256 × 64 × 64).</translation>
    </message>
    <message>
      <source>{name} holds no image, or is cut short before its pixels.</source>
      <translation>{name} no contiene ninguna imagen, o está cortado antes de sus píxeles.</translation>
    </message>
    <message>
      <source>{name} holds no images in MedMNIST's form.</source>
      <translation>{name} no contiene imágenes en la forma de MedMNIST.</translation>
    </message>
    <message>
      <source>{name} holds no mask decoder of the SAM family (points, boxes and a mask in).</source>
      <translation>{name} no contiene ningún decodificador de máscaras de la familia SAM (entran puntos, recuadros y una máscara).</translation>
    </message>
    <message>
      <source>{name} holds no picture with rows and columns.</source>
      <translation>{name} no contiene ninguna imagen con filas y columnas.</translation>
    </message>
    <message>
      <source>{name} holds no pixels: it is a DICOM object of the kind {kind}.</source>
      <translation>{name} no contiene píxeles: es un objeto DICOM del tipo {kind}.</translation>
    </message>
    <message>
      <source>{name} holds no weights.</source>
      <translation>{name} no contiene pesos.</translation>
    </message>
    <message>
      <source>{name} holds objects, not numbers; they are not opened, since they can run code.</source>
      <translation>{name} contiene objetos, no números; no se abren, pues pueden ejecutar código.</translation>
    </message>
    <message>
      <source>{name} holds several encoders or decoders.</source>
      <translation>{name} contiene varios codificadores o decodificadores.</translation>
    </message>
    <message>
      <source>{name} holds several masks in colour.</source>
      <translation>{name} contiene varias máscaras en color.</translation>
    </message>
    <message>
      <source>{name} holds several numbers a voxel ({kind}, {count} of them), not one grey value.</source>
      <translation>{name} contiene varios números por vóxel ({kind}, {count} en total), no un valor de gris.</translation>
    </message>
    <message>
      <source>{name} holds text, not an image.</source>
      <translation>{name} contiene texto, no una imagen.</translation>
    </message>
    <message>
      <source>{name} holds the masks of {count} times, and a mask is one volume.</source>
      <translation>{name} contiene las máscaras de {count} instantes, y una máscara es un solo volumen.</translation>
    </message>
    <message>
      <source>{name} holds {count} different values: that is an image or a map of instances, not of classes.</source>
      <translation>{name} contiene {count} valores distintos: es una imagen o un mapa de instancias, no de clases.</translation>
    </message>
    <message>
      <source>{name} holds {count} masks of several values each.</source>
      <translation>{name} contiene {count} máscaras de varios valores cada una.</translation>
    </message>
    <message>
      <source>{name} holds {count} masks over each other, and a place can have one class only.</source>
      <translation>{name} contiene {count} máscaras superpuestas, y un punto solo puede tener una clase.</translation>
    </message>
    <message>
      <source>{name} holds {count} pictures, and a mask is one.</source>
      <translation>{name} contiene {count} imágenes, y una máscara es una sola.</translation>
    </message>
    <message>
      <source>{name} in the folder is of another program: what the values mean was not written.</source>
      <translation>{name} en la carpeta es de otro programa: no se escribió qué significan los valores.</translation>
    </message>
    <message>
      <source>{name} is a DICOM segmentation: a mask, not an image.</source>
      <translation>{name} es una segmentación DICOM: una máscara, no una imagen.</translation>
    </message>
    <message>
      <source>{name} is a DICOM structure set: outlines, not an image.</source>
      <translation>{name} es un conjunto de estructuras DICOM: contornos, no una imagen.</translation>
    </message>
    <message>
      <source>{name} is a JPEG of a kind that is not read here: of more than 8 bits, or lossless.</source>
      <translation>{name} es un JPEG de un tipo que aquí no se lee: de más de 8 bits, o sin pérdidas.</translation>
    </message>
    <message>
      <source>{name} is a JPEG or a lossy WebP, which does not keep the values of a mask.</source>
      <translation>{name} es un JPEG o un WebP con pérdida, que no conserva los valores de una máscara.</translation>
    </message>
    <message>
      <source>{name} is a camera's raw file: what its sensor measured, which is no picture yet.</source>
      <translation>{name} es un archivo en bruto (RAW) de cámara: lo que midió el sensor, que todavía no es una imagen.</translation>
    </message>
    <message>
      <source>{name} is a copy of {other}.</source>
      <translation>{name} es una copia de {other}.</translation>
    </message>
    <message>
      <source>{name} is a single slice, and the model was taught on slices with those beside them: it sees this one in their place.</source>
      <translation>{name} es un solo corte y el modelo aprendió de cortes junto con los contiguos: ve este en lugar de ellos.</translation>
    </message>
    <message>
      <source>{name} is an array: it can come in as a mask, not as an image.</source>
      <translation>{name} es una matriz: puede entrar como máscara, no como imagen.</translation>
    </message>
    <message>
      <source>{name} is another image than the one imported.</source>
      <translation>{name} no es la imagen que se importó, sino otra.</translation>
    </message>
    <message>
      <source>{name} is brought from {side} px to the {size} px of the model, {factor:.2f} times its size; of which size the images of the training were is not known.</source>
      <translation>{name} se lleva de {side} px a los {size} px del modelo, {factor:.2f} veces su tamaño; no se sabe de qué tamaño eran las imágenes del entrenamiento.</translation>
    </message>
    <message>
      <source>{name} is cut short: {count} of the {all} pages that it lists are not in it.</source>
      <translation>{name} está cortado: {count} de las {all} páginas que enumera no están en él.</translation>
    </message>
    <message>
      <source>{name} is damaged or cut short: its pixels cannot be decoded.</source>
      <translation>{name} está dañado o cortado: sus píxeles no se pueden descodificar.</translation>
    </message>
    <message>
      <source>{name} is damaged: it claims {samples} values of {stored} bits in {bits} for each pixel.</source>
      <translation>{name} está dañado: dice tener {samples} valores de {stored} bits en {bits} por píxel.</translation>
    </message>
    <message>
      <source>{name} is damaged: its header speaks of {said} bytes of pixels, and there are {found}.</source>
      <translation>{name} está dañado: su cabecera habla de {said} bytes de píxeles, y hay {found}.</translation>
    </message>
    <message>
      <source>{name} is empty.</source>
      <translation>{name} está vacío.</translation>
    </message>
    <message>
      <source>{name} is grey, and the model was taught on colour.</source>
      <translation>{name} es gris, y el modelo aprendió con color.</translation>
    </message>
    <message>
      <source>{name} is in colour, and the model was taught on grey: it sees the brightness alone.</source>
      <translation>{name} es en color, y el modelo aprendió con grises: solo ve la claridad.</translation>
    </message>
    <message>
      <source>{name} is in the test set. Change its class from {before} to {after}?</source>
      <translation>{name} está en el conjunto de prueba. ¿Cambiar su clase de {before} a {after}?</translation>
    </message>
    <message>
      <source>{name} is in the test set. Take the prediction over into its mask?</source>
      <translation>{name} está en el conjunto de prueba. ¿Pasar la predicción a su máscara?</translation>
    </message>
    <message>
      <source>{name} is in {unit}, and the model was taught on {taught}.</source>
      <translation>{name} está en {unit}, y el modelo aprendió con {taught}.</translation>
    </message>
    <message>
      <source>{name} is locked.</source>
      <translation>{name}: bloqueada.</translation>
    </message>
    <message>
      <source>{name} is locked. Unlock it in the list of classes to paint it.</source>
      <translation>{name} está bloqueada. Desbloquéela en la lista de clases para pintarla.</translation>
    </message>
    <message>
      <source>{name} is neither in the mask nor in the prediction, so there is no Dice.</source>
      <translation>{name} no está ni en la máscara ni en la predicción, así que no hay Dice.</translation>
    </message>
    <message>
      <source>{name} is no class: pixels are called so that are never learnt and never scored.</source>
      <translation>{name} no es una clase: así se llaman los píxeles que nunca se aprenden ni se puntúan.</translation>
    </message>
    <message>
      <source>{name} is no longer where it was opened: it was moved, exchanged or deleted, or its drive was taken out.</source>
      <translation>{name} ya no está donde se abrió: se movió, se cambió o se borró, o se retiró su unidad.</translation>
    </message>
    <message>
      <source>{name} is no mask but a picture: it has more than {most} colours.</source>
      <translation>{name} no es una máscara sino una foto: tiene más de {most} colores.</translation>
    </message>
    <message>
      <source>{name} is no mask: colours of {bits} bits that lie closer together than 8 bits can tell.</source>
      <translation>{name} no es una máscara: tiene colores de {bits} bits más próximos entre sí de lo que 8 bits pueden distinguir.</translation>
    </message>
    <message>
      <source>{name} is no mask: it has 1 dimension.</source>
      <translation>{name} no es una máscara: tiene 1 dimensión.</translation>
    </message>
    <message>
      <source>{name} is no mask: it has {count} dimensions.</source>
      <translation>{name} no es una máscara: tiene {count} dimensiones.</translation>
    </message>
    <message>
      <source>{name} is no mask: it holds no numbers.</source>
      <translation>{name} no es una máscara: no contiene números.</translation>
    </message>
    <message>
      <source>{name} is no mask: it holds values that are not whole numbers.</source>
      <translation>{name} no es una máscara: contiene valores que no son enteros.</translation>
    </message>
    <message>
      <source>{name} is no mask: its values are too large.</source>
      <translation>{name} no es una máscara: sus valores son demasiado grandes.</translation>
    </message>
    <message>
      <source>{name} is no network that can be run.</source>
      <translation>{name} no es una red que se pueda ejecutar.</translation>
    </message>
    <message>
      <source>{name} is no picture or volume: its axes are {axes}.</source>
      <translation>{name} no es una imagen ni un volumen: sus ejes son {axes}.</translation>
    </message>
    <message>
      <source>{name} is not a Contorno model, or it is cut short.</source>
      <translation>{name} no es un modelo de Contorno, o está cortado.</translation>
    </message>
    <message>
      <source>{name} is not a Contorno model: its card claims an impossible input.</source>
      <translation>{name} no es un modelo de Contorno: su ficha declara una entrada imposible.</translation>
    </message>
    <message>
      <source>{name} is not a Contorno model: its card claims impossible classes.</source>
      <translation>{name} no es un modelo de Contorno: su ficha declara clases imposibles.</translation>
    </message>
    <message>
      <source>{name} is not a Contorno model: its card claims impossible grey values.</source>
      <translation>{name} no es un modelo de Contorno: su ficha declara valores de gris imposibles.</translation>
    </message>
    <message>
      <source>{name} is not a Contorno model: some of its weights are not numbers.</source>
      <translation>{name} no es un modelo de Contorno: algunos de sus pesos no son números.</translation>
    </message>
    <message>
      <source>{name} is not a Contorno model: {reason}.</source>
      <translation>{name} no es un modelo de Contorno: {reason}.</translation>
    </message>
    <message>
      <source>{name} is not a Contorno project.</source>
      <translation>{name} no es un proyecto de Contorno.</translation>
    </message>
    <message>
      <source>{name} is not a NIfTI file.</source>
      <translation>{name} no es un archivo NIfTI.</translation>
    </message>
    <message>
      <source>{name} is not a file with content but a pipe, a socket or a device.</source>
      <translation>{name} no es un archivo con contenido sino una tubería, un socket o un dispositivo.</translation>
    </message>
    <message>
      <source>{name} is not a folder.</source>
      <translation>{name} no es una carpeta.</translation>
    </message>
    <message>
      <source>{name} is not a grey 8-bit PNG.</source>
      <translation>{name} no es un PNG gris de 8 bits.</translation>
    </message>
    <message>
      <source>{name} is not a mask that can be read.</source>
      <translation>{name} no es una máscara que se pueda leer.</translation>
    </message>
    <message>
      <source>{name} is not a text file.</source>
      <translation>{name} no es un archivo de texto.</translation>
    </message>
    <message>
      <source>{name} is not an image that can be opened.</source>
      <translation>{name} no es una imagen que se pueda abrir.</translation>
    </message>
    <message>
      <source>{name} is not locked any more.</source>
      <translation>{name}: ya no está bloqueada.</translation>
    </message>
    <message>
      <source>{name} is not there.</source>
      <translation>{name} no está ahí.</translation>
    </message>
    <message>
      <source>{name} is one of the images themselves.</source>
      <translation>{name} es una de las propias imágenes.</translation>
    </message>
    <message>
      <source>{name} is open for writing: {who}.</source>
      <translation>{name} está abierto para escribir: {who}.</translation>
    </message>
    <message>
      <source>{name} is open to read only.</source>
      <translation>{name} está abierto solo para lectura.</translation>
    </message>
    <message>
      <source>{name} is packed in a way that is not read here ({encoding}).</source>
      <translation>{name} está comprimido de un modo que aquí no se lee ({encoding}).</translation>
    </message>
    <message>
      <source>{name} is read in tiles of {side} px: explained is the one that begins at row {row}, column {column}.</source>
      <translation>{name} se lee en teselas de {side} px: se explica la que empieza en la fila {row}, columna {column}.</translation>
    </message>
    <message>
      <source>{name} is seen at {size} px instead of {usual}, so that its millimetres are as large as those of the training.</source>
      <translation>{name} se ve a {size} px en vez de {usual}, para que sus milímetros sean tan grandes como los del entrenamiento.</translation>
    </message>
    <message>
      <source>{name} is still being read: wait until all of it is there.</source>
      <translation>{name} aún se está leyendo: espere a que esté completo.</translation>
    </message>
    <message>
      <source>{name} is stored in a way that is not known here (transfer syntax {syntax}).</source>
      <translation>{name} está guardado de una forma que aquí no se conoce (sintaxis de transferencia {syntax}).</translation>
    </message>
    <message>
      <source>{name} is the index of a disc (DICOMDIR), not an image.</source>
      <translation>{name} es el índice de un disco (DICOMDIR), no una imagen.</translation>
    </message>
    <message>
      <source>{name} is there already, and Contorno did not write it.</source>
      <translation>{name} ya existe, y no lo escribió Contorno.</translation>
    </message>
    <message>
      <source>{name} is there already, and is no file but a folder, a link or a device.</source>
      <translation>{name} ya existe, y no es un archivo sino una carpeta, un enlace o un dispositivo.</translation>
    </message>
    <message>
      <source>{name} is there already.</source>
      <translation>{name} ya existe.</translation>
    </message>
    <message>
      <source>{name} is too large for NIfTI: {most} pixels along one side, and the format holds 32767.</source>
      <translation>{name} es demasiado grande para NIfTI: {most} píxeles en un lado, y el formato admite 32767.</translation>
    </message>
    <message>
      <source>{name} is too large for a PNG: {width} × {height} pixels.</source>
      <translation>{name} es demasiado grande para un PNG: {width} × {height} píxeles.</translation>
    </message>
    <message>
      <source>{name} is {modality}, and the model was taught on {taught}.</source>
      <translation>{name} es {modality}, y el modelo aprendió con {taught}.</translation>
    </message>
    <message>
      <source>{name} is {where}: Dice 0, and it counts in the mean.</source>
      <translation>{name} está {where}: Dice 0, y cuenta en la media.</translation>
    </message>
    <message>
      <source>{name} lies on another grid and was laid on the reference by millimetres.</source>
      <translation>{name} está en otra rejilla y se llevó a la de la referencia por milímetros.</translation>
    </message>
    <message>
      <source>{name} loses most: {share} of its pixels.</source>
      <translation>{name} pierde más: {share} de sus píxeles.</translation>
    </message>
    <message>
      <source>{name} may not be read by this user.</source>
      <translation>Este usuario no puede leer {name}.</translation>
    </message>
    <message>
      <source>{name} no longer fits the other slices of its series.</source>
      <translation>{name} ya no encaja con los otros cortes de su serie.</translation>
    </message>
    <message>
      <source>{name} no longer holds the image {index}.</source>
      <translation>{name} ya no contiene la imagen {index}.</translation>
    </message>
    <message>
      <source>{name} points to data outside of its folder, which is not read.</source>
      <translation>{name} remite a datos fuera de su carpeta, que no se leen.</translation>
    </message>
    <message>
      <source>{name} shows the same place as {other}, which was taken instead.</source>
      <translation>{name} muestra el mismo lugar que {other}, que se tomó en su lugar.</translation>
    </message>
    <message>
      <source>{name} unpacks to more than {ratio} times its size and is not opened.</source>
      <translation>{name} se descomprime a más de {ratio} veces su tamaño y no se abre.</translation>
    </message>
    <message>
      <source>{name} was damaged after it was written.</source>
      <translation>{name} se dañó después de escribirse.</translation>
    </message>
    <message>
      <source>{name} was hidden: it is shown again.</source>
      <translation>{name} estaba oculta: se muestra de nuevo.</translation>
    </message>
    <message>
      <source>{name} was made by a newer Contorno (format {version}, this one knows {known}).</source>
      <translation>{name} se hizo con un Contorno más nuevo (formato {version}, este conoce {known}).</translation>
    </message>
    <message>
      <source>{name} was made by a newer Contorno.</source>
      <translation>{name} se hizo con un Contorno más nuevo.</translation>
    </message>
    <message>
      <source>{name} was not closed, and its last changes cannot be taken in from here.</source>
      <translation>{name} no se cerró, y sus últimos cambios no se pueden recuperar desde aquí.</translation>
    </message>
    <message>
      <source>{name} was not written: {reason}</source>
      <translation>{name} no se escribió: {reason}</translation>
    </message>
    <message>
      <source>{name} was passed over: {reason}</source>
      <translation>Se omitió {name}: {reason}</translation>
    </message>
    <message>
      <source>{name} would cover {share} of the pixels. Are the masks the other way round?</source>
      <translation>{name} cubriría {share} de los píxeles. ¿Están invertidas las máscaras?</translation>
    </message>
    <message>
      <source>{name} would lie in the folder of the project {project}.</source>
      <translation>{name} quedaría en la carpeta del proyecto {project}.</translation>
    </message>
    <message>
      <source>{name} {share}, which is no class any more</source>
      <translation>{name} {share}, que ya no es una clase</translation>
    </message>
    <message>
      <source>{name}, all on one scale: orange above 0, blue below. It adds what its attention makes, then what its layers make of that: this is the last sum. What goes through the layers is {share} times as strong as what skips past them.</source>
      <translation>{name}, todo en una escala: naranja por encima de 0, azul por debajo. Suma lo que da su atención y luego lo que sus capas hacen de ello: esta es la última suma. Lo que pasa por las capas es {share} veces tan fuerte como lo que las salta.</translation>
    </message>
    <message>
      <source>{name}, all on one scale: orange above 0, blue below. What goes through the filters is {share} times as strong as what skips past them.</source>
      <translation>{name}, todo en una escala: naranja por encima de 0, azul por debajo. Lo que pasa por los filtros es {share} veces tan fuerte como lo que los salta.</translation>
    </message>
    <message>
      <source>{name}, as the network is fed it: {shape}</source>
      <translation>{name}, como lo recibe la red: {shape}</translation>
    </message>
    <message>
      <source>{name}, for each map: (x − μ)/σ · γ + β. In use μ and σ are running means of the training, which lag behind in a short one, so one image comes only near to mean 0 and spread 1; γ and β, which are learnt, widen and move it.</source>
      <translation>{name}, en cada mapa: (x − μ)/σ · γ + β. En uso, μ y σ son medias móviles del entrenamiento, que en uno corto van por detrás, así que una imagen solo se acerca a media 0 y desviación 1; γ y β, que se aprenden, la ensanchan y la desplazan.</translation>
    </message>
    <message>
      <source>{name}, mean Dice {dice}</source>
      <translation>{name}, Dice medio {dice}</translation>
    </message>
    <message>
      <source>{name}, slice {number} of {count}, as the network is fed it: {shape}</source>
      <translation>{name}, corte {number} de {count}, como lo recibe la red: {shape}</translation>
    </message>
    <message>
      <source>{name}, slice {number}: your mask is B, the prediction is A.</source>
      <translation>{name}, corte {number}: su máscara es B, la predicción es A.</translation>
    </message>
    <message>
      <source>{name}, {depth} layers: the gradient does not vanish, and yet it hardly learns. The first layer gets {ratio:.1f} times the last's; loss {start:.2f} to {end:.2f} in {steps} steps.</source>
      <translation>{name}, {depth} capas: el gradiente no se desvanece, y aun así apenas aprende. A la primera capa le llega {ratio:.1f} veces el de la última; pérdida de {start:.2f} a {end:.2f} en {steps} pasos.</translation>
    </message>
    <message>
      <source>{name}, {depth} layers: the gradient does not vanish. The first layer gets {ratio:.1f} times the last's; loss {start:.2f} to {end:.2f} in {steps} steps.</source>
      <translation>{name}, {depth} capas: el gradiente no se desvanece. A la primera capa le llega {ratio:.1f} veces el de la última; pérdida de {start:.2f} a {end:.2f} en {steps} pasos.</translation>
    </message>
    <message>
      <source>{name}, {depth} layers: the gradient shrinks, but arrives. The first layer gets {ratio:.1e} of the last's; loss {start:.2f} to {end:.2f} in {steps} steps.</source>
      <translation>{name}, {depth} capas: el gradiente mengua, pero llega. A la primera capa le llega {ratio:.1e} del de la última; pérdida de {start:.2f} a {end:.2f} en {steps} pasos.</translation>
    </message>
    <message>
      <source>{name}, {depth} layers: the gradient vanishes. Nothing of it reaches the first layer, less than a number can hold (10⁻³⁸); loss {start:.2f} to {end:.2f} in {steps} steps.</source>
      <translation>{name}, {depth} capas: el gradiente se desvanece. A la primera capa no le llega nada, menos de lo que cabe en un número (10⁻³⁸); pérdida de {start:.2f} a {end:.2f} en {steps} pasos.</translation>
    </message>
    <message>
      <source>{name}, {depth} layers: the gradient vanishes. The first layer gets {ratio:.1e} of the last's; loss {start:.2f} to {end:.2f} in {steps} steps.</source>
      <translation>{name}, {depth} capas: el gradiente se desvanece. A la primera capa le llega {ratio:.1e} del de la última; pérdida de {start:.2f} a {end:.2f} en {steps} pasos.</translation>
    </message>
    <message>
      <source>{name}, {depth} layers: the loss became no number at step {steps}; its gradients explode.</source>
      <translation>{name}, {depth} capas: la pérdida dejó de ser un número en el paso {steps}; sus gradientes explotan.</translation>
    </message>
    <message>
      <source>{name}: its millimetres are {factor:.2f} times as large as those of the training in what the model sees.</source>
      <translation>{name}: en lo que ve el modelo, sus milímetros son {factor:.2f} veces los del entrenamiento.</translation>
    </message>
    <message>
      <source>{name}: its objects are not scored. {reason}</source>
      <translation>{name}: sus objetos no se puntúan. {reason}</translation>
    </message>
    <message>
      <source>{name}: one of both does not say where it lies; they were compared as they are stored.</source>
      <translation>{name}: una de las dos no dice dónde está; se compararon tal como están guardadas.</translation>
    </message>
    <message>
      <source>{name}: one of both holds objects of several classes, and the other does not say of which its values are.</source>
      <translation>{name}: una de las dos contiene objetos de varias clases, y la otra no dice de cuáles son sus valores.</translation>
    </message>
    <message>
      <source>{name}: slices of its series are missing or lie at several distances, and NIfTI knows one: beyond them other programs show the mask beside its place.</source>
      <translation>{name}: faltan cortes de su serie o están a distancias distintas, y NIfTI solo admite una distancia: a partir de ahí, otros programas muestran la máscara desplazada.</translation>
    </message>
    <message>
      <source>{name}: the encoder hands over {other} px, the decoder has {kept} px: they do not fit.</source>
      <translation>{name}: el codificador pasa {other} px y el decodificador tiene {kept} px: no encajan.</translation>
    </message>
    <message>
      <source>{name}: the reference has {one} pixels, the prediction {other}.</source>
      <translation>{name}: la referencia tiene {one} píxeles, la predicción {other}.</translation>
    </message>
    <message>
      <source>{name}: the value {value} is called unlabelled and was left out.</source>
      <translation>{name}: el valor {value} se llama sin etiquetar y se omitió.</translation>
    </message>
    <message>
      <source>{name}: the value {value} means {one} in the reference and {other} in the prediction.</source>
      <translation>{name}: el valor {value} significa {one} en la referencia y {other} en la predicción.</translation>
    </message>
    <message>
      <source>{name}: the values are numbered otherwise in the prediction, and were taken by their names.</source>
      <translation>{name}: los valores tienen otros números en la predicción y se tomaron por sus nombres.</translation>
    </message>
    <message>
      <source>{name}: two ways of a block make {kept} px and {other} px: they do not fit.</source>
      <translation>{name}: dos caminos de un bloque hacen {kept} px y {other} px: no encajan.</translation>
    </message>
    <message>
      <source>{name}: what the encoder hands over is cropped from {other} px to {kept} px.</source>
      <translation>{name}: lo que pasa el codificador se recorta de {other} px a {kept} px.</translation>
    </message>
    <message>
      <source>{name}: {count} of {all} slices are not labelled in the reference and were left out.</source>
      <translation>{name}: {count} de {all} cortes no están etiquetados en la referencia y se omitieron.</translation>
    </message>
    <message>
      <source>{name}: {count} unlabelled pixels were written as background, since the format knows objects alone.</source>
      <translation>{name}: {count} píxeles sin etiquetar se escribieron como fondo, porque el formato solo conoce objetos.</translation>
    </message>
    <message>
      <source>{name}: {note}</source>
      <translation>{name}: {note}</translation>
    </message>
    <message>
      <source>{name}: {reason}</source>
      <translation>{name}: {reason}</translation>
    </message>
    <message>
      <source>{name}: |A| = 0, |B| = 0 → 0/0, no value</source>
      <translation>{name}: |A| = 0, |B| = 0 → 0/0, sin valor</translation>
    </message>
    <message>
      <source>{name}: |A∩B| = {both}, |A| = {a}, |B| = {b} → 2·{both} / ({a} + {b}) = {dice}</source>
      <translation>{name}: |A∩B| = {both}, |A| = {a}, |B| = {b} → 2·{both} / ({a} + {b}) = {dice}</translation>
    </message>
    <message>
      <source>{network} has no settings of its own.</source>
      <translation>{network} no tiene ajustes propios.</translation>
    </message>
    <message>
      <source>{not_read}: why?</source>
      <translation>{not_read}: ¿por qué?</translation>
    </message>
    <message>
      <source>{number} of {count}: {name}, step {step}</source>
      <translation>{number} de {count}: {name}, paso {step}</translation>
    </message>
    <message>
      <source>{number}: from {low} to {high}</source>
      <translation>{number}: de {low} a {high}</translation>
    </message>
    <message>
      <source>{part} does not say what a mask value means.</source>
      <translation>{part} no dice qué significa un valor de la máscara.</translation>
    </message>
    <message>
      <source>{part} does not say which class a category is.</source>
      <translation>{part} no dice a qué clase corresponde una categoría.</translation>
    </message>
    <message>
      <source>{pattern} is not a regular expression: {reason}.</source>
      <translation>{pattern} no es una expresión regular: {reason}.</translation>
    </message>
    <message>
      <source>{percent} %</source>
      <translation>{percent} %</translation>
    </message>
    <message>
      <source>{pixels} on {slices}</source>
      <translation>{pixels} en {slices}</translation>
    </message>
    <message>
      <source>{run} against your mask</source>
      <translation>{run} frente a su máscara</translation>
    </message>
    <message>
      <source>{run} against your mask, of which nothing is labelled.</source>
      <translation>{run} frente a su máscara, de la que nada está etiquetado.</translation>
    </message>
    <message>
      <source>{run} against your mask, which is empty where labelled.</source>
      <translation>{run} frente a su máscara, que está vacía donde se etiquetó.</translation>
    </message>
    <message>
      <source>{run} against your mask, which is empty.</source>
      <translation>{run} frente a su máscara, que está vacía.</translation>
    </message>
    <message>
      <source>{run} against your mask, which was changed with its help or another run's.</source>
      <translation>{run} frente a su máscara, que se cambió con ayuda de este entrenamiento o de otro.</translation>
    </message>
    <message>
      <source>{run} also knows {names}, which is no class any more.</source>
      <translation>{run} conoce además {names}, que ya no es una clase.</translation>
    </message>
    <message>
      <source>{run} also knows {names}, which is no class any more: images that it calls so count as wrong.</source>
      <translation>{run} conoce además {names}, que ya no es una clase: las imágenes que llame así cuentan como error.</translation>
    </message>
    <message>
      <source>{run} answers for the whole image, not for one place of it.</source>
      <translation>{run} responde por la imagen entera, no por un lugar de ella.</translation>
    </message>
    <message>
      <source>{run} ended before it left a network.</source>
      <translation>{run} terminó antes de dejar una red.</translation>
    </message>
    <message>
      <source>{run} has no model yet.</source>
      <translation>{run} aún no tiene modelo.</translation>
    </message>
    <message>
      <source>{run} has not been asked about this set yet.</source>
      <translation>Aún no se ha consultado a {run} sobre este conjunto.</translation>
    </message>
    <message>
      <source>{run} has not predicted the test set yet.</source>
      <translation>{run} aún no ha predicho el conjunto de prueba.</translation>
    </message>
    <message>
      <source>{run} has not predicted the training set yet.</source>
      <translation>{run} aún no ha predicho el conjunto de entrenamiento.</translation>
    </message>
    <message>
      <source>{run} has not predicted the validation set yet.</source>
      <translation>{run} aún no ha predicho el conjunto de validación.</translation>
    </message>
    <message>
      <source>{run} has not predicted this case yet.</source>
      <translation>{run} aún no ha predicho este caso.</translation>
    </message>
    <message>
      <source>{run} has not predicted this item yet.</source>
      <translation>{run} aún no ha predicho este elemento.</translation>
    </message>
    <message>
      <source>{run} has predicted nothing of that set yet.</source>
      <translation>{run} aún no ha predicho nada de ese conjunto.</translation>
    </message>
    <message>
      <source>{run} has predicted nothing of the test set.</source>
      <translation>{run} no ha predicho nada del conjunto de prueba.</translation>
    </message>
    <message>
      <source>{run} has predicted nothing yet.</source>
      <translation>{run} aún no ha predicho nada.</translation>
    </message>
    <message>
      <source>{run} is being asked about the images of this set.</source>
      <translation>Se está consultando a {run} sobre las imágenes de este conjunto.</translation>
    </message>
    <message>
      <source>{run} is being asked …</source>
      <translation>Consultando {run}…</translation>
    </message>
    <message>
      <source>{run} is being trained. Its answers are counted here when it has ended.</source>
      <translation>{run} se está entrenando. Sus respuestas se cuentan aquí cuando termine.</translation>
    </message>
    <message>
      <source>{run} is trained.</source>
      <translation>{run} está entrenado.</translation>
    </message>
    <message>
      <source>{run} is trained: review it</source>
      <translation>{run} está entrenado: revisarlo</translation>
    </message>
    <message>
      <source>{run} knows {names}, which the project no longer has: it was taken as background.</source>
      <translation>{run} conoce {names}, que el proyecto ya no tiene: se tomó como fondo.</translation>
    </message>
    <message>
      <source>{run} learnt from 1 item that is in the validation or test set now: scores there say too much.</source>
      <translation>{run} aprendió de 1 elemento que ahora está en el conjunto de validación o de prueba: los resultados de ahí dicen demasiado.</translation>
    </message>
    <message>
      <source>{run} learnt from {count} items that are in the validation or test set now: scores there say too much.</source>
      <translation>{run} aprendió de {count} elementos que ahora están en el conjunto de validación o de prueba: los resultados de ahí dicen demasiado.</translation>
    </message>
    <message>
      <source>{run} stays in use: it has {value}.</source>
      <translation>{run} sigue en uso: tiene {value}.</translation>
    </message>
    <message>
      <source>{run} was stopped before it had a model; it can be resumed.</source>
      <translation>{run} se detuvo antes de tener un modelo; se puede reanudar.</translation>
    </message>
    <message>
      <source>{run} was stopped. Its best model so far is kept; it can be resumed.</source>
      <translation>{run} se detuvo. Se guarda su mejor modelo hasta ahora; se puede reanudar.</translation>
    </message>
    <message>
      <source>{run} was trained before these classes came, so it has no score in them: {names}</source>
      <translation>{run} se entrenó antes de que llegaran estas clases, así que no tiene puntuación en ellas: {names}</translation>
    </message>
    <message>
      <source>{run} went on from {start}, which is not in use: the next one starts afresh.</source>
      <translation>{run} partió de {start}, que no está en uso: el siguiente empieza de cero.</translation>
    </message>
    <message>
      <source>{run}, locked while it trains</source>
      <translation>{run}, fija mientras entrena</translation>
    </message>
    <message>
      <source>{run}: what speaks for {name} at the cross.</source>
      <translation>{run}: lo que habla a favor de {name} en la cruz.</translation>
    </message>
    <message>
      <source>{seconds} s an epoch</source>
      <translation>{seconds} s por época</translation>
    </message>
    <message>
      <source>{seconds} s left</source>
      <translation>quedan {seconds} s</translation>
    </message>
    <message>
      <source>{shape}, which it pads to {padded}</source>
      <translation>{shape}, que ella rellena hasta {padded}</translation>
    </message>
    <message>
      <source>{shape}: a slice and the two beside it</source>
      <translation>{shape}: un corte y los dos contiguos</translation>
    </message>
    <message>
      <source>{share} of the heat inside the mask</source>
      <translation>{share} del calor dentro de la máscara</translation>
    </message>
    <message>
      <source>{share} of the heat lies inside the mask.</source>
      <translation>El {share} del calor está dentro de la máscara.</translation>
    </message>
    <message>
      <source>{shown} of {count} maps of {side}. Each is drawn from its lowest value (black) to its highest (white).</source>
      <translation>{shown} de {count} mapas de {side}. Cada uno va de su valor más bajo (negro) al más alto (blanco).</translation>
    </message>
    <message>
      <source>{side} filters</source>
      <translation>{side} filtros</translation>
    </message>
    <message>
      <source>{side} holes {n}</source>
      <translation>{side} dilatado {n}</translation>
    </message>
    <message>
      <source>{side} up</source>
      <translation>{side} que amplía</translation>
    </message>
    <message>
      <source>{side}, stride {n}</source>
      <translation>{side}, paso {n}</translation>
    </message>
    <message>
      <source>{size} MB together</source>
      <translation>{size} MB en total</translation>
    </message>
    <message>
      <source>{size} px</source>
      <translation>{size} px</translation>
    </message>
    <message>
      <source>{spent} of {total} min</source>
      <translation>{spent} de {total} min</translation>
    </message>
    <message>
      <source>{study} is done.</source>
      <translation>{study} ha terminado.</translation>
    </message>
    <message>
      <source>{sum} = {weights} weights with biases, {work} multiply-adds</source>
      <translation>{sum} = {weights} pesos con sesgos, {work} multiplicaciones con suma</translation>
    </message>
    <message>
      <source>{sum} = {weights} weights, without biases; {work} multiply-adds</source>
      <translation>{sum} = {weights} pesos, sin sesgos; {work} multiplicaciones con suma</translation>
    </message>
    <message>
      <source>{task} is not a task.</source>
      <translation>{task} no es una tarea.</translation>
    </message>
    <message>
      <source>{text} holds bytes that are no text.</source>
      <translation>{text} contiene bytes que no son texto.</translation>
    </message>
    <message>
      <source>{text} is not a split.</source>
      <translation>{text} no es un reparto.</translation>
    </message>
    <message>
      <source>{tool} does not keep to a range of values.</source>
      <translation>{tool} no se limita a un intervalo de valores.</translation>
    </message>
    <message>
      <source>{total} changes, {on} on</source>
      <translation>{total} cambios, {on} activos</translation>
    </message>
    <message>
      <source>{value} in validation</source>
      <translation>{value} en validación</translation>
    </message>
    <message>
      <source>{value}, read on {day}</source>
      <translation>{value}, leído el {day}</translation>
    </message>
    <message>
      <source>{weights} weights, {work} multiply-adds</source>
      <translation>{weights} pesos, {work} multiplicaciones con suma</translation>
    </message>
    <message>
      <source>{weights} weights, {work} multiply-adds and about {memory} of maps that a training keeps, for one image of {shape}</source>
      <translation>{weights} pesos, {work} multiplicaciones con suma y unos {memory} de mapas que el entrenamiento conserva, por cada imagen de {shape}</translation>
    </message>
    <message>
      <source>{what} claims a size of {size}, which takes {need} of memory; {limit} is the most here.</source>
      <translation>{what} dice tener un tamaño de {size}, que ocupa {need} de memoria; {limit} es lo máximo aquí.</translation>
    </message>
    <message>
      <source>{what} is damaged: it claims a size of {size}.</source>
      <translation>{what} está dañado: dice tener un tamaño de {size}.</translation>
    </message>
    <message>
      <source>{what}: paint on to refine it.</source>
      <translation>{what}: siga pintando para afinarlo.</translation>
    </message>
    <message>
      <source>{width} × {height} px</source>
      <translation>{width} × {height} px</translation>
    </message>
    <message>
      <source>{word} is no modality.</source>
      <translation>{word} no es una modalidad.</translation>
    </message>
    <message>
      <source>{word} means pixels that nobody labelled, and the project has a class called {name} too.</source>
      <translation>{word} significa píxeles que nadie etiquetó, y el proyecto tiene además una clase llamada {name}.</translation>
    </message>
    <message>
      <source>{year} · its size follows from the encoder, which Auto chooses</source>
      <translation>{year} · su tamaño depende del codificador, que elige Auto</translation>
    </message>
    <message>
      <source>{year} · {count} million weights</source>
      <translation>{year} · {count} millones de pesos</translation>
    </message>
  </context>
</TS>
